import { drainRun } from './edge/drain-run';
import { openStreamsRun } from './edge/open-streams-run';
import { slowClientsRun } from './edge/slow-clients-run';
import { Stack } from './stack/stack';

jest.setTimeout(180_000);

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.close());

describe('the HTTP edge of a gateway', () => {
  // `npm run bench:streams-open` is the long form.
  it('loses no event of 200 streams that are open at once', async () => {
    const { events, broken } = await openStreamsRun(stack, { streams: 200, seconds: 10 });
    expect({ events, broken }).toEqual({ events: { expected: 2_000, received: 2_000, outOfOrder: 0 }, broken: {} });
  });

  // `npm run bench:slow-clients` is the long form, and measures what good clients notice.
  it('ends slow connections, and serves good clients meanwhile', async () => {
    const { closedWithinMs, good, cut } = await slowClientsRun(stack, { clients: { head: 25, body: 25, reader: 5 }, requestsPerSecond: 50, rounds: 1, warmUpMs: 2_000, withoutMs: 1_000 });
    for (const ms of Object.values(closedWithinMs)) expect(ms).toBeLessThan(13_500);
    expect({ failed: good.failed, failures: good.failures }).toEqual({ failed: 0, failures: [] });
    expect(cut).toEqual({ body: 25, answer: 5 });
  });

  // `npm run test:drain` is the long form.
  it('drops no request while a gateway ends under load, and ends its event streams so that they can go on elsewhere', async () => {
    const { sent, dropped, drops, exits, streamEnds, streamsOutOfOrder } = await drainRun(stack, { requests: 5_000, workers: 16, streams: 10, rolls: 1 });
    expect({ dropped, drops }).toEqual({ dropped: 0, drops: [] });
    expect(sent).toBeGreaterThanOrEqual(5_000);
    expect(exits.map(({ code }) => code)).toEqual([0]);
    // Half of the streams were on the gateway that ended.
    expect(streamEnds.complete).toBeGreaterThanOrEqual(3);
    expect(Object.keys(streamEnds)).toEqual(['complete']);
    expect(streamsOutOfOrder).toBe(0);
  });
});
