import type { Acknowledgement, CrashCard as CrashReportCard } from '@sluice/contracts/edge';
import { FakeClock } from '@sluice/kernel';
import type { CrashCard, PluginStatus } from '@sluice/plugin-runtime';
import { CurrentState } from './current-state';
import { Freshness } from './freshness';
import { GatewayState } from './gateway-state';
import { StudioReports } from './studio-reports';
import { SnapshotTables } from './tables/snapshot-tables';

const status = { pluginId: 7, generation: 1, state: 'ready', reason: '', since: 3, restarts: 0, lastExit: null, lastLogLines: [], reloadFailed: null, notEnforced: [], remarks: [], generations: [] } as unknown as PluginStatus;
const stateOf = (source: 'redis' | 'http' | 'disk', createdAt = new Date(0)) =>
  new GatewayState({ format: 2, namespace: '', epoch: 'e', revision: 4, parent: 3, root: 'r', created_at: createdAt.toISOString() }, SnapshotTables.empty, source, 90);

let clock: FakeClock;
let current: CurrentState;
let reports: StudioReports;
let sent: Acknowledgement[];
let crashes: CrashReportCard[];
let heartbeats: number;
let refusals: string[];

beforeEach(() => {
  clock = new FakeClock(100);
  current = new CurrentState();
  refusals = [];
  sent = [];
  crashes = [];
  heartbeats = 0;
  reports = new StudioReports(current, { statuses: () => [status] }, { refused: (code) => void refusals.push(code) }, clock);
  reports.connect({ acknowledge: (message) => void sent.push(message), heartbeatNow: () => void heartbeats++, reportCrash: (card) => void crashes.push(card) });
});

describe('StudioReports', () => {
  it('acknowledges what was applied, with the state of each plugin', () => {
    reports.applied(stateOf('redis'));
    expect(sent).toMatchObject([
      { sentAtMs: 100n, outcome: { $case: 'applied', value: { epoch: 'e', revision: 4n, root: 'r', appliedAtMs: 90n, source: 'redis' } }, plugins: [{ pluginId: 7, state: 'ready' }] },
    ]);
  });

  it('counts refusals by code and reports those that came over the network', () => {
    const refusal = { epoch: 'e', revision: 9, code: 'snapshot.badSignature', path: '/signature', message: 'No.' };
    reports.refused(refusal, 'redis');
    reports.refused({ ...refusal, code: 'snapshot.badEncoding' }, 'disk');
    expect(refusals).toEqual(['snapshot.badSignature', 'snapshot.badEncoding']);
    expect(sent.map(({ outcome }) => outcome)).toEqual([{ $case: 'refused', value: { ...refusal, revision: 9n } }]);
  });

  it('beats with what is in force now', () => {
    expect(reports.heartbeat()).toMatchObject({ sentAtMs: 100n, applied: undefined });
    current.swap(stateOf('disk'));
    expect(reports.heartbeat()).toMatchObject({ applied: { revision: 4n, source: 'disk' }, plugins: [{ pluginId: 7 }] });
  });

  it('has one heartbeat sent for several changes within a moment', () => {
    for (let change = 0; change < 5; change++) reports.pluginChanged();
    expect(heartbeats).toBe(0);
    clock.advance(100);
    expect(heartbeats).toBe(1);
    reports.pluginChanged();
    clock.advance(100);
    expect(heartbeats).toBe(2);
  });

  it('passes each crash card on', () => {
    const card: CrashCard = {
      id: 'card-1', pluginId: 7, generation: 3, digest: null, at: 95.5, reason: 'The plugin ended by signal SIGKILL.', exitCode: null, exitSignal: 'SIGKILL',
      lastRequestId: 'request-1', lastLogLines: ['last words'], outcome: 'restarting', restartInMs: 512.4,
    };
    reports.pluginCrashed(card);
    expect(crashes).toEqual([{ ...card, at: undefined, atMs: 95n, digest: '', exitCode: undefined, restartInMs: 512 }]);
    reports.pluginCrashed({ ...card, exitCode: 3, exitSignal: null, digest: 'sha256:ab', restartInMs: null });
    expect(crashes[1]).toMatchObject({ exitCode: 3, exitSignal: '', digest: 'sha256:ab', restartInMs: undefined });
  });

  it('needs no studio', () => {
    const alone = new StudioReports(current, { statuses: () => [] }, { refused: () => undefined }, clock);
    expect(() => {
      alone.applied(stateOf('disk'));
      alone.pluginChanged();
      clock.advance(100);
    }).not.toThrow();
  });
});

describe('Freshness', () => {
  it('counts from the last time that it was certain that nothing is newer', () => {
    clock = new FakeClock(50_000);
    const freshness = new Freshness(current, clock);
    expect(freshness.ageSeconds()).toBeUndefined();
    current.swap(stateOf('disk', new Date(20_000)));
    expect(freshness.ageSeconds()).toBe(30);
    freshness.confirm();
    clock.advance(2_000);
    expect(freshness.ageSeconds()).toBe(2);
    // What lay in Redis was true when it was signed; whoever can write there may have held it back since.
    current.swap(stateOf('redis', new Date(0)));
    expect(freshness.ageSeconds()).toBe(2);
    current.swap(stateOf('redis', new Date(51_500)));
    expect(freshness.ageSeconds()).toBe(0.5);
    current.swap(stateOf('redis', new Date(3_600_000)));
    expect(freshness.ageSeconds()).toBe(0);
    clock.advance(2_000);
    current.swap(stateOf('http', new Date(0)));
    expect(freshness.ageSeconds()).toBe(0);
  });
});
