import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginData } from '@sluice/config-snapshot';
import { FakeClock } from '@sluice/kernel';
import type { PluginDefinition, PluginHost, PluginStatus } from '@sluice/plugin-runtime';
import { pino } from 'pino';
import { pluginRecord, stateOf } from '../testing/records';
import { PluginFleet } from './plugin-fleet';

/** A host that remembers what it was asked to run. */
class FakeHost implements PluginHost {
  applied: (readonly PluginDefinition[])[] = [];
  states = new Map<number, Partial<PluginStatus>>();

  apply(definitions: readonly PluginDefinition[]): void {
    this.applied.push(definitions);
  }
  serving(): undefined {
    return undefined;
  }
  async demand(): Promise<undefined> {
    return undefined;
  }
  status(pluginId: number): PluginStatus | undefined {
    const state = this.states.get(pluginId);
    return state && ({ pluginId, state: 'starting', restarts: 0, ...state } as PluginStatus);
  }
  statuses(): PluginStatus[] {
    return [...this.states.keys()].map((id) => this.status(id)!);
  }
  publish(): void {}
  crashes(): [] {
    return [];
  }
  async settled(): Promise<void> {}
  async close(): Promise<void> {}
}

let folder: string;
let host: FakeHost;
let fleet: PluginFleet;
const plugin = (data: Partial<PluginData> & { id: number }) => pluginRecord(data).data as PluginData;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-fleet-'));
  await writeFile(join(folder, 'plugin'), '');
  await chmod(join(folder, 'plugin'), 0o755);
  host = new FakeHost();
  fleet = new PluginFleet(host, new FakeClock(5), pino({ level: 'silent' }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('PluginFleet', () => {
  it('asks the host to run the plugins of the snapshot', () => {
    fleet.apply([plugin({ id: 1, name: 'Echo', command: `file://${folder}/plugin`, config: { a: 1 }, approved_scopes: ['kv.readwrite'], reloads: 2 })]);
    expect(host.applied).toEqual([
      [{ id: 1, name: 'Echo', deployment: { kind: 'file', path: `${folder}/plugin` }, config: { a: 1 }, approvedScopes: ['kv.readwrite'], reloads: 2 }],
    ]);
  });

  it('shows a plugin that cannot run here as stopped with its reason, and runs the others', () => {
    fleet.apply([plugin({ id: 1, command: 'file:///there/is/none' }), plugin({ id: 2, command: `file://${folder}/plugin` })]);
    expect(host.applied[0]!.map(({ id }) => id)).toEqual([2]);
    expect(fleet.statuses()).toMatchObject([{ pluginId: 1, state: 'stopped', reason: 'There is no file /there/is/none.', since: 5 }]);
  });

  it('keeps a plugin running whose new command does not fit', () => {
    fleet.apply([plugin({ id: 1, command: `file://${folder}/plugin` })]);
    fleet.apply([plugin({ id: 1, command: 'file:///there/is/none' })]);
    expect(host.applied[1]).toEqual(host.applied[0]);
    fleet.apply([]);
    expect(host.applied[2]).toEqual([]);
  });

  it('is settled when every endpoint plugin is past its first start, and stays so', () => {
    const records = [pluginRecord({ id: 1 }), pluginRecord({ id: 2 }), pluginRecord({ id: 3, hooks: ['data_collection'] })];
    const state = stateOf(records, 1, 'disk');
    host.states = new Map([[1, {}], [2, {}], [3, {}]]);
    expect(fleet.settled(state)).toBe(false);
    host.states.set(1, { state: 'ready' });
    expect(fleet.settled(state)).toBe(false);
    host.states.set(2, { state: 'crashed' });
    expect(fleet.settled(state)).toBe(true);
    host.states.set(1, { state: 'starting' });
    expect(fleet.settled(state)).toBe(true);
  });
});
