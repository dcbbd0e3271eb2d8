import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@sluice/kernel';
import { waitFor } from '@sluice/testing';
import { pino } from 'pino';
import { PluginStorage } from './plugin-storage';

const DAY_MS = 86_400_000;

describe('PluginStorage', () => {
  const clock = new FakeClock(1_000);
  let folder: string;
  let storage: PluginStorage;

  const open = async () => {
    storage = await PluginStorage.open({ stateFolder: folder, kvQuotaBytes: 1_000_000, outboxQuotaBytes: 1_000_000 }, clock, pino({ level: 'silent' }));
  };
  const reopen = async () => {
    await storage.close();
    await open();
  };
  const has = async (pluginId: number) => (await storage.kv.list(pluginId, '', '', 0)).entries.length > 0;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sl-data-'));
    await open();
  });
  afterEach(async () => {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps the values of a plugin that comes back within a week', async () => {
    await storage.kv.write(1, 'k', Buffer.from('v'));
    await storage.follow(new Set([2]));
    clock.advance(6 * DAY_MS);
    await storage.follow(new Set([1, 2]));
    clock.advance(6 * DAY_MS);
    await reopen();
    expect(await has(1)).toBe(true);
  });

  it('deletes those of one that does not, however often the gateway was started meanwhile, and no others', async () => {
    await storage.kv.write(1, 'k', Buffer.from('v'));
    await storage.kv.write(2, 'k', Buffer.from('v'));
    await storage.follow(new Set([2]));
    clock.advance(4 * DAY_MS);
    await reopen();
    await storage.follow(new Set([2]));
    clock.advance(4 * DAY_MS);
    await waitFor(async () => !(await has(1)), { timeoutMs: 10_000 });
    expect(await has(2)).toBe(true);
  });

  it('starts without what cannot be mended, and keeps that for somebody to look at', async () => {
    await storage.kv.write(1, 'k', Buffer.from('v'));
    await storage.close();
    const data = join(folder, 'plugin-data');
    for (const file of readdirSync(data)) writeFileSync(join(data, file), 'rubbish');
    await open();
    expect(await has(1)).toBe(false);
    await storage.kv.write(1, 'k', Buffer.from('new'));
    await reopen();
    expect(await has(1)).toBe(true);
  });
});
