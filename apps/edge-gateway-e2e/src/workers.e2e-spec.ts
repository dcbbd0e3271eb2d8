import { waitFor } from '@sluice/testing';
import { request } from 'undici';
import { drainRun } from './edge/drain-run';
import { workersOf } from './load/census';
import { isNoMore, reloadRun } from './load/reload-run';
import { Stack } from './stack/stack';

jest.setTimeout(180_000);

const WORKERS = 2;

let stack: Stack;
let pluginId: number;
let app: { appId: number; tokenId: number; token: string };

beforeAll(async () => {
  stack = await Stack.start({ environment: { GATEWAY_WORKERS: String(WORKERS) } });
  app = await stack.app('caller', ['echo']);
  pluginId = await stack.echo('shared', { content: 'Hello' });
});
afterAll(() => stack?.close());

/** Over a connection of its own each, so that every worker gets some. */
async function ask(times: number, path: string, token?: string): Promise<number[]> {
  const headers = { connection: 'close', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  return Promise.all(
    Array.from({ length: times }, async () => {
      const answer = await request(`${stack.gatewayUrl}${path}`, { headers });
      await answer.body.dump();
      return answer.statusCode;
    }),
  );
}

const all = (status: number, times: number) => Array.from({ length: times }, () => status);
const servingPid = async () => ((await (await stack.get('/plugins/shared/pid')).json()) as { pid: number }).pid;
// A connection that is handed to a worker in its last moment is lost with it.
const untilReplaced = (pid: number) => stack.gateway.waitForOutput(new RegExp(`"event":"worker\\.ended"[^\\n]*"workerPid":${pid}\\b`), 40_000);
const untilAll = () => waitFor(async () => (await stack.metric('sluice_workers')) === WORKERS, { timeoutMs: 40_000, message: 'every worker serves' });

describe('a gateway with two workers', () => {
  it('counts the requests of both as one, and says the same of itself on each', async () => {
    expect(workersOf(stack.gateway.pid)).toHaveLength(WORKERS);
    const before = await stack.metric('sluice_endpoint_requests_total', { plugin: 'shared' });
    expect(await ask(20, '/plugins/shared/x')).toEqual(all(200, 20));
    expect((await stack.metric('sluice_endpoint_requests_total', { plugin: 'shared' })) - before).toBe(20);
    const reports = await Promise.all(Array.from({ length: 6 }, async () => (await request(`${stack.gatewayUrl}/readyz?verbose`, { headers: { connection: 'close' } })).body.json()));
    const names = reports.map((report) => (report as { revision: number; plugins: { state: string }[] }));
    expect(new Set(names.map(({ revision }) => revision)).size).toBe(1);
    expect(names.flatMap(({ plugins }) => plugins.map(({ state }) => state))).toEqual(all(200, 6).map(() => 'ready'));
  });

  it('loses no request and no stream while a plugin is reloaded, and leaves nothing behind', async () => {
    const { requests, streams, generations, before, after } = await reloadRun(stack, { reloads: 5, requestsPerSecond: 100, streams: 20 });
    expect({ failed: requests.failed, failures: requests.failures }).toEqual({ failed: 0, failures: [] });
    expect({ broken: streams.broken, breaks: streams.breaks }).toEqual({ broken: 0, breaks: [] });
    expect(generations).toBeGreaterThan(1);
    expect(isNoMore(after, before) || { before, after }).toBe(true);
  });

  it('is ready for a revision when both enforce it, and refuses a revoked token on both from then on', async () => {
    expect(await ask(8, '/plugins/shared/private/x', app.token)).toEqual(all(200, 8));
    const { revision } = (await (await stack.get('/readyz')).json()) as { revision: number };
    await stack.api.call('DELETE', `/api/v1/apps/${app.appId}/tokens/${app.tokenId}`);
    await waitFor(async () => (await ask(1, '/plugins/shared/private/x', app.token))[0] === 401, { timeoutMs: 5_000, message: 'the token is refused' });
    await waitFor(async () => (await stack.get(`/readyz?min_revision=${revision + 1}`)).ok, { timeoutMs: 5_000, message: 'the revision is in force' });
    expect(await ask(8, '/plugins/shared/private/x', app.token)).toEqual(all(401, 8));
  });

  it('does not leave a token to a worker that hangs', async () => {
    const other = await stack.app('other', ['echo']);
    await waitFor(async () => (await ask(1, '/plugins/shared/private/x', other.token))[0] === 200, { timeoutMs: 5_000, message: 'the token is known' });
    const [hung] = workersOf(stack.gateway.pid);
    process.kill(hung!, 'SIGSTOP');
    await stack.api.call('DELETE', `/api/v1/apps/${other.appId}/tokens/${other.tokenId}`);
    // That its event loop stands would be seen after 10 to 15 s.
    await stack.gateway.waitForOutput(new RegExp(`"event":"worker\\.late"[^\\n]*"workerPid":${hung}\\b[^\\n]*take a token back`), 9_000);
    await untilReplaced(hung!);
    await untilAll();
    expect(await ask(8, '/plugins/shared/private/x', other.token)).toEqual(all(401, 8));
  });

  it('replaces a worker that was killed, and its plugins do not notice', async () => {
    const pid = await servingPid();
    const [killed] = workersOf(stack.gateway.pid);
    const counted = await stack.metric('sluice_endpoint_requests_total', { plugin: 'shared' });
    process.kill(killed!, 'SIGKILL');
    await untilReplaced(killed!);
    expect(await ask(10, '/plugins/shared/x')).toEqual(all(200, 10));
    await untilAll();
    expect(await ask(10, '/plugins/shared/x')).toEqual(all(200, 10));
    expect(await servingPid()).toBe(pid);
    expect(await stack.metric('sluice_endpoint_requests_total', { plugin: 'shared' })).toBeGreaterThanOrEqual(counted + 20);
    expect(await stack.metric('sluice_worker_restarts_total')).toBeGreaterThanOrEqual(1);
  });

  it('starts a plugin anew that crashed, and knows which request did it', async () => {
    const pid = await servingPid();
    const crashed = await request(`${stack.gatewayUrl}/plugins/shared/crash`, { headers: { 'x-request-id': 'the-last-one' } });
    await crashed.body.dump();
    expect(crashed.statusCode).toBe(502);
    const crashes = () => stack.api.call<{ last_request_id: string | null }[]>('GET', `/api/v1/plugins/${pluginId}/crashes`);
    await waitFor(async () => (await crashes())[0]?.last_request_id === 'the-last-one', { timeoutMs: 10_000, message: 'the studio shows the request' });
    await stack.untilServing('shared');
    expect(await servingPid()).not.toBe(pid);
  });

  it('ends its workers at once when it is killed, and serves again when it is started', async () => {
    const workers = workersOf(stack.gateway.pid);
    stack.gateway.process.kill('SIGKILL');
    await stack.gateway.exited;
    await waitFor(() => workers.every((pid) => !isRunning(pid)), { timeoutMs: 3_000, message: 'the workers are gone' });
    await stack.startGateway();
    await stack.untilServing('shared');
  });

  it('drops no request while it ends under load, and ends its event streams so that they can go on elsewhere', async () => {
    const { dropped, drops, exits, streamEnds, streamsOutOfOrder } = await drainRun(stack, { requests: 3_000, workers: 16, streams: 10, rolls: 1 });
    expect({ dropped, drops }).toEqual({ dropped: 0, drops: [] });
    expect(exits.map(({ code }) => code)).toEqual([0]);
    expect(Object.keys(streamEnds)).toEqual(['complete']);
    expect(streamsOutOfOrder).toBe(0);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
