import { SnapshotServer } from '../testing/snapshot-server';
import { memoryLogger } from '../testing/memory-logger';
import { StudioClock } from '../edge/studio-clock';
import { HttpSource } from './http-source';

describe('HttpSource', () => {
  const studio = new SnapshotServer();
  beforeAll(() => studio.start());
  afterAll(() => studio.stop());

  it('asks with a token of its own each time, and learns the time from a refusal', async () => {
    // An hour fast: what it signs is refused.
    const clock = new StudioClock(() => Date.now() + 3_600_000);
    const tokens: string[] = [];
    const source = new HttpSource({
      url: studio.url,
      namespace: 'eu',
      token: () => {
        tokens.push(Math.abs(clock.now() - Date.now()) < 5_000 ? 'join' : `from ${clock.now()}`);
        return tokens.at(-1)!;
      },
      onRefused: (studioTimeMs) => clock.learn(studioTimeMs),
      logger: memoryLogger(),
    });
    try {
      const ask = () => source.newest({ current: undefined, unwanted: undefined });
      await expect(ask()).rejects.toThrow('The studio answered 401');
      await expect(ask()).resolves.toEqual({ kind: 'none' });
      expect(tokens).toEqual([expect.stringContaining('from '), 'join']);
    } finally {
      await source.close();
    }
  });
});
