import type { CrashCard } from '@sluice/plugin-runtime';
import { pino } from 'pino';
import type { PluginCrash, PluginCrashesService } from '../plugin-crashes';
import { StudioCrashes } from './studio-crashes';

const card = (id: string): CrashCard => ({
  id, pluginId: 7, generation: 1, digest: null, at: 0, reason: 'The plugin ended\0.', exitCode: 1, exitSignal: null, lastRequestId: '', lastLogLines: ['a\0b', 'half a \ud83d'], outcome: 'restarting', restartInMs: 0,
});

describe('StudioCrashes', () => {
  it('keeps cards while the database is away, and writes them when it is back', async () => {
    const written: PluginCrash[][] = [];
    let away = true;
    const record = async (_: unknown, crashes: readonly PluginCrash[]) => {
      if (away) throw new Error('no connection');
      written.push([...crashes]);
    };
    const crashes = new StudioCrashes({ record } as unknown as PluginCrashesService, pino({ level: 'silent' }));
    crashes.add(card('one'));
    crashes.add(card('two'));
    await crashes.flush();
    expect(written).toEqual([]);
    away = false;
    await crashes.flush();
    await crashes.flush();
    expect(written.map((cards) => cards.map(({ cardId }) => cardId))).toEqual([['one', 'two']]);
    expect(written[0]![0]).toMatchObject({ happenedAt: new Date(0), reason: 'The plugin ended.', lastRequestId: null, lastLogLines: ['ab', 'half a \ufffd'] });
  });

  it('keeps the newest hundred', async () => {
    let written: readonly PluginCrash[] = [];
    let away = true;
    const record = async (_: unknown, crashes: readonly PluginCrash[]) => {
      if (away) throw new Error('no connection');
      written = crashes;
    };
    const crashes = new StudioCrashes({ record } as unknown as PluginCrashesService, pino({ level: 'silent' }));
    for (let n = 0; n < 150; n++) crashes.add(card(`${n}`));
    away = false;
    await crashes.flush();
    await crashes.flush();
    expect([written.length, written[0]?.cardId, written.at(-1)?.cardId]).toEqual([100, '50', '149']);
  });
});
