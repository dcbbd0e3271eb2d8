import { status as Status } from '@grpc/grpc-js';
import { EdgePayloadRequest, EndpointRequest } from '@sluice/contracts/plugin';
import { always, type Check } from '../check';
import { fail } from '../verdict';
import { endpointRequest } from '../rpcs/endpoint-request';
import { declares, registrationsOf } from '../rpcs/rpc-row';
import { describeError } from '../subject/describe-outcome';
import type { Outcome, StartedPlugin } from '../subject/started-plugin';
import type { Subject } from '../subject/subject';

const LARGE_BYTES = Math.round(3.9 * 1024 * 1024);
/** More than gRPC's own limit, and more than any plugin needs. */
const TOO_LARGE_MIB = [5, 65];

/** A request of about this size: to an endpoint where the plugin has one, otherwise as a payload of its gateway side. */
async function send(subject: Subject, plugin: StartedPlugin, size: number): Promise<Outcome<Uint8Array>> {
  const body = Buffer.alloc(size, 'x');
  const deadlineMs = Math.min(60_000, subject.timeoutMs);
  if (subject.manifest && declares('custom_endpoint')(subject.manifest)) {
    const registrations = (await registrationsOf(plugin, deadlineMs)).filter(({ streamResponse }) => !streamResponse);
    const takesBody = registrations.find(({ methods }) => methods.includes('POST') || methods.includes('PUT')) ?? registrations[0];
    const method = takesBody?.methods.find((name) => name === 'POST' || name === 'PUT') ?? 'POST';
    const request = endpointRequest(takesBody, undefined, { method, body });
    return plugin.askBytes('/plugin.PluginService/HandleEndpointRequest', EndpointRequest.encode(request).finish(), deadlineMs);
  }
  return plugin.askBytes('/plugin.PluginService/AcceptEdgePayload', EdgePayloadRequest.encode(EdgePayloadRequest.fromPartial({ payload: body })).finish(), deadlineMs);
}

/** How large a request may be. */
export const messageChecks: Check[] = [
  {
    id: 'message.large',
    title: 'takes a request of 3.9 MiB',
    section: 'messages',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.shared();
      const outcome = await send(subject, plugin, LARGE_BYTES);
      await plugin.mustLive('A request of 3.9 MiB');
      if (outcome.kind === 'error' && (outcome.status === Status.RESOURCE_EXHAUSTED || outcome.status === Status.DEADLINE_EXCEEDED)) {
        fail(`A request of 3.9 MiB ${describeError(outcome)}: let the server take messages of 4 MiB, which is what gRPC does by default.`);
      }
    },
  },
  {
    id: 'message.too-large',
    title: 'refuses a request that is too large for it, and lives on',
    section: 'messages',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.shared();
      for (const mebibytes of TOO_LARGE_MIB) {
        const outcome = await send(subject, plugin, mebibytes * 1024 * 1024);
        await plugin.mustLive(`A request of ${mebibytes} MiB`);
        if (outcome.kind === 'answer') continue;
        if (outcome.status === Status.RESOURCE_EXHAUSTED) return;
        fail(`A request of ${mebibytes} MiB ${describeError(outcome)}: refuse what is too large with the status RESOURCE_EXHAUSTED, so that the host can say what was wrong.`);
      }
      fail('It takes requests of any size: limit what the server takes (gRPC has 4 MiB by default), so that nobody fills its memory.');
    },
  },
];
