import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginGeneration } from '@sluice/plugin-runtime';
import { pino } from 'pino';
import { PluginRelays } from './plugin-relays';

const logger = pino({ level: 'silent' });
const generation = { channel: {} } as PluginGeneration;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relays-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('relays', () => {
  it('can be opened once there is room for them, and until then it is said which setting is meant', async () => {
    await rm(folder, { recursive: true });
    const relays = new PluginRelays({ runFolder: folder, streamTimeoutMs: 1_000, logger });
    await expect(relays.open(generation)).rejects.toThrow('PLUGIN_RUN_DIR');
    relays.close();
    await mkdir(folder);
    const relay = await relays.open(generation);
    expect(relay.link.relayed).toBe(true);
    relay.close();
    relays.close();
    expect(await readdir(folder)).toEqual([]);
  });
});
