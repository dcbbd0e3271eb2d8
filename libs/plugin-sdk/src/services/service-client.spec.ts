import type { Client } from '@grpc/grpc-js';
import { MicrogatewayManagementServiceService } from '@sluice/contracts/microgateway-management';
import { serviceClient } from './service-client';

/** Answers every call with an empty message and remembers what was sent. */
function fakeClient() {
  const sent: { path: string; request: object; deadline: number }[] = [];
  const client = {
    makeUnaryRequest: (path: string, _s: unknown, deserialize: (bytes: Buffer) => object, request: object, _m: unknown, options: { deadline: number }, done: (error: null, response: object) => void) => {
      sent.push({ path, request, deadline: options.deadline });
      done(null, deserialize(Buffer.alloc(0)));
      return { cancel: () => undefined };
    },
  };
  const connect = async () => client as unknown as Client;
  return { sent, services: serviceClient(MicrogatewayManagementServiceService, connect, () => 9) };
}

describe('serviceClient', () => {
  it('names methods as the protocol does', () => {
    expect(Object.keys(fakeClient().services)).toEqual(expect.arrayContaining(['listLLMs', 'getLLM', 'readPluginKV', 'getLicenseInfo']));
  });

  it('fills defaults and the context, and skips what is undefined', async () => {
    const { sent, services } = fakeClient();
    const answer = await services.listLLMs({ vendor: 'v', page: undefined });
    expect(answer).toEqual({ llms: [], totalCount: 0n });
    expect(sent).toMatchObject([
      {
        path: '/microgateway_management.MicrogatewayManagementService/ListLLMs',
        request: { context: { pluginId: 9, methodScope: '' }, vendor: 'v', page: 0, limit: 0 },
      },
    ]);
  });

  it('gives every call a deadline', async () => {
    const { sent, services } = fakeClient();
    await services.listApps({}, { timeoutMs: 1_000 });
    await services.listApps();
    const [short, usual] = sent.map(({ deadline }) => deadline - Date.now());
    expect(short).toBeLessThanOrEqual(1_000);
    expect(usual).toBeGreaterThan(20_000);
  });

  it('does not begin a call that is already cancelled', async () => {
    const { sent, services } = fakeClient();
    await expect(services.listApps({}, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(sent).toEqual([]);
  });

  it('does not begin a call that is cancelled while the connection is made', async () => {
    const { sent, services } = fakeClient();
    const cancellation = new AbortController();
    const call = services.listApps({}, { signal: cancellation.signal });
    cancellation.abort();
    await expect(call).rejects.toThrow('aborted');
    expect(sent).toEqual([]);
  });
});
