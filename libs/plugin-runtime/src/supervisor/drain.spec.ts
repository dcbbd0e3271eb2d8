import { FakeClock } from '@sluice/kernel';
import { Drain } from './drain';

async function drainAfter(calls: { unary: number; streams: number }, advanceMs: number, limits = { unaryMs: 30_000, streamMs: 300_000 }): Promise<boolean> {
  const clock = new FakeClock();
  let done = false;
  void new Drain({ channel: { activeCalls: calls.unary + calls.streams }, activeStreams: calls.streams }, limits, clock).done.then(() => (done = true));
  clock.advance(advanceMs);
  await new Promise(setImmediate);
  return done;
}

describe('Drain', () => {
  it('is over at once when nothing is in progress', async () => {
    expect(await drainAfter({ unary: 0, streams: 0 }, 0)).toBe(true);
  });

  it('gives unary calls their limit', async () => {
    expect(await drainAfter({ unary: 1, streams: 0 }, 29_900)).toBe(false);
    expect(await drainAfter({ unary: 1, streams: 0 }, 30_100)).toBe(true);
  });

  it('gives streams theirs', async () => {
    expect(await drainAfter({ unary: 1, streams: 1 }, 299_900)).toBe(false);
    expect(await drainAfter({ unary: 0, streams: 1 }, 300_100)).toBe(true);
  });
});
