import { waitFor } from '@sluice/testing';
import type { Appetite } from './load/hog-appetites';
import { HogRun } from './load/hog-run';
import { Stack } from './stack/stack';

jest.setTimeout(180_000);

let stack: Stack;
let run: HogRun;

beforeAll(async () => {
  stack = await Stack.start({ environment: { PLUGIN_ENDPOINT_STREAM_TIMEOUT: '3s' } });
  run = await HogRun.prepare(stack, 1);
});
afterAll(() => stack?.close());

// `npm run test:hogs` measures what they cost others.
const appetites: Appetite[] = [
  { name: 'floods its log', path: '/logs/50', reads: true, says: /It writes more than its host reads: [\d.]+ MiB of its output were thrown away/ },
  { name: 'answers with 64 MiB', path: '/answer/64', reads: true, says: /refused (once|\d+ times) with a message of more than the 32 MiB that one may have; the largest had 64/ },
  { name: 'streams without an end', path: '/endless', reads: true, says: /did not end within the time that streams have/ },
];

describe('a plugin that takes more than its share', () => {
  it.each(appetites)('$name: no other plugin and no other request fails, and its status says what it did', async (appetite) => {
    const { plugin, host } = await run.measure(appetite, 5, 30);
    expect([...plugin.during.failures, ...host.during.failures]).toEqual([]);
    await waitFor(async () => appetite.says.test((await run.status()).remarks.join()), { timeoutMs: 20_000, message: () => `the status says ${appetite.says}` });
  });

  it('makes nobody wait when a client does not read what it streams', async () => {
    const { plugin, host } = await run.measure({ name: 'streams to one who does not read', path: '/endless', reads: false, says: /./ }, 5, 30);
    expect([...plugin.during.failures, ...host.during.failures]).toEqual([]);
  });

  it('is ended when it never lets its event loop go, and leaves a card that names its last request', async () => {
    const gone = new AbortController();
    const blocking = fetch(`${stack.gatewayUrl}/plugins/hog/busy/100`, { headers: { 'x-request-id': 'the-fatal-request' }, signal: gone.signal });
    expect((await blocking).status).toBe(200);
    const crashes = () => stack.api.call<{ reason: string; last_request_id: string; exit_signal: string; outcome: string }[]>('GET', `/api/v1/plugins/${run.hogId}/crashes`);
    await waitFor(async () => (await crashes()).length > 0, { timeoutMs: 90_000, intervalMs: 500, message: 'the studio shows the crash' });
    expect((await crashes())[0]).toMatchObject({
      reason: 'The plugin did not answer three health checks in a row and was ended.',
      exit_signal: 'SIGKILL',
      last_request_id: 'the-fatal-request',
      outcome: 'restarting',
    });
    await stack.untilServing('hog');
  });
});
