import { HealthService } from '@sluice/contracts/health';
import { callMessage } from './call-message';
import type { PluginChannel } from './plugin-channel';

const INTERNAL = 13;

function answering(bytes: Uint8Array): PluginChannel {
  return {
    activeCalls: 0,
    close: () => undefined,
    serverStream: () => {
      throw new Error('Nobody streams here.');
    },
    unary: (_method, _request, _options, observer) => {
      queueMicrotask(() => observer.onResponse(bytes));
      return { cancel: () => undefined };
    },
  };
}

describe('callMessage', () => {
  it('decodes the answer', async () => {
    await expect(callMessage(answering(Buffer.from([0x08, 0x01])), HealthService.check, { service: '' }, 1_000)).resolves.toEqual({ status: 1 });
  });

  it('rejects bytes that are no such message as an error of the plugin', async () => {
    const answer = callMessage(answering(Buffer.from([0x08, 0xff])), HealthService.check, { service: '' }, 1_000);
    await expect(answer).rejects.toMatchObject({ name: 'CallError', status: INTERNAL, message: expect.stringContaining('/grpc.health.v1.Health/Check') });
  });
});
