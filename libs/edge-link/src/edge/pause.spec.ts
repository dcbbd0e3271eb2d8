import { Pause } from './pause';

describe('Pause', () => {
  it('ends early when told to', async () => {
    const pause = new Pause();
    const waiting = pause.wait(1_000_000);
    pause.end();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('is skipped once when it was ended before it began', async () => {
    const pause = new Pause();
    pause.end();
    await pause.wait(1_000_000);
    let over = false;
    const second = pause.wait(1_000_000).then(() => (over = true));
    await Promise.resolve();
    expect(over).toBe(false);
    pause.end();
    await second;
  });
});
