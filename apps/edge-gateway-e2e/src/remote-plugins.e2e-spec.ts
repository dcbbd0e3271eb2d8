import { join } from 'node:path';
import { type NodeChild, spawnNode, waitFor } from '@sluice/testing';
import { repository } from './stack/repository';
import { Stack } from './stack/stack';

jest.setTimeout(120_000);

const ENTRY = join(repository, 'examples/plugins/echo-endpoint/dist/remote.js');

let stack: Stack;
let remote: NodeChild;

/** The echo plugin as somebody else runs it, and its command. */
async function startRemote(port = 0): Promise<string> {
  remote = spawnNode(ENTRY, { args: ['--port', String(port)] });
  return (await remote.waitForOutput(/^grpc:\/\/\S+$/m))[0];
}

const body = async (path: string) => (await (await stack.get(path)).json()) as Record<string, unknown>;

beforeAll(async () => {
  stack = await Stack.start({ environment: { PLUGIN_REVERSE_ADDRESS: '127.0.0.1:0' } });
});
afterEach(() => remote?.kill());
afterAll(() => stack?.close());

describe('a plugin at a network address', () => {
  it('is registered, serves studio and gateway at once with its own values on each, and is found again when it was away', async () => {
    const command = await startRemote();
    const id = await stack.echo('remote', {}, command);
    expect(await body('/plugins/remote/x')).toMatchObject({ pid: remote.pid, runtime: 'gateway', content: 'Hello' });
    expect((await fetch(`${stack.gatewayUrl}/plugins/remote/kv/a`, { method: 'PUT', body: 'kept' })).ok).toBe(true);
    expect(await (await stack.get('/plugins/remote/kv/a')).text()).toBe('kept');

    // The page saves through the Service API of the studio, over its own way back; the change reaches the gateway as any other.
    await stack.api.call('POST', `/api/v1/plugins/${id}/rpc/save_content`, { content: 'Changed' });
    await waitFor(async () => (await body('/plugins/remote/x'))['content'] === 'Changed', { timeoutMs: 20_000, message: 'the gateway has the change' });
    expect(await (await stack.get('/plugins/remote/kv/a')).text()).toBe('kept');

    await remote.kill();
    await waitFor(async () => (await stack.get('/plugins/remote/x')).status === 503, { timeoutMs: 15_000, message: 'the gateway has noticed' });
    await startRemote(Number(command.slice(command.lastIndexOf(':') + 1)));
    await stack.untilServing('remote');
    expect(await (await stack.get('/plugins/remote/kv/a')).text()).toBe('kept');
    const { gateways } = await stack.api.call<{ gateways: { state: string }[] }>('GET', `/api/v1/plugins/${id}/status`);
    expect(gateways[0]).toBeDefined();
  });

  it('is not registered when nothing answers there, and the refusal says what is wrong', async () => {
    await expect(stack.api.createEcho('nobody', {}, { command: 'grpc://127.0.0.1:1' })).rejects.toThrow('Nothing listens at 127.0.0.1:1: the connection was refused.');
    await expect(stack.api.createEcho('nobody', {}, { command: 'grpcs://127.0.0.1:1' })).rejects.toThrow('grpcs:// is not a plugin scheme');
  });
});
