import { isNoMore, reloadRun } from './load/reload-run';
import { Stack } from './stack/stack';

jest.setTimeout(240_000);

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.close());

describe('a plugin that is reloaded while it answers', () => {
  // `npm run test:reload` is the long form.
  it('loses no request and no stream, and leaves nothing behind', async () => {
    const { requests, streams, generations, before, after } = await reloadRun(stack, { reloads: 10, requestsPerSecond: 100, streams: 20 });
    expect({ failed: requests.failed, failures: requests.failures }).toEqual({ failed: 0, failures: [] });
    expect({ broken: streams.broken, breaks: streams.breaks }).toEqual({ broken: 0, breaks: [] });
    expect(requests.sent).toBeGreaterThan(300);
    expect(streams.completed).toBeGreaterThanOrEqual(20);
    // Otherwise nothing was replaced while it was in use.
    expect(generations).toBeGreaterThan(1);
    expect(isNoMore(after, before) || { before, after }).toBe(true);
  });
});
