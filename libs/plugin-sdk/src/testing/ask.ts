import { PluginServiceService } from '@sluice/contracts/plugin';
import type { RequestOf, ResponseOf, StreamRpc, UnaryRpc } from '../capabilities/binding';
import { BINDINGS } from '../capabilities/bindings';
import type { Context } from '../context/context';

/** Answers one RPC by a plugin's method, as the server would, without a server. Fields that are left out have their default. */
export async function ask<R extends UnaryRpc>(plugin: object, rpc: R, request: Partial<RequestOf<R>> = {}): Promise<ResponseOf<R>> {
  const binding = bindingOf(rpc);
  if (binding.kind !== 'unary') throw new Error(`${rpc} streams.`);
  return binding.answer(plugin as never, fakeContext(), { ...emptyRequest(rpc), ...request } as never);
}

/** All messages of one streaming RPC. */
export async function askStream<R extends StreamRpc>(plugin: object, rpc: R, request: Partial<RequestOf<R>> = {}): Promise<ResponseOf<R>[]> {
  const binding = bindingOf(rpc);
  if (binding.kind !== 'stream') throw new Error(`${rpc} does not stream.`);
  const messages: ResponseOf<R>[] = [];
  for await (const message of binding.answer(plugin as never, fakeContext(), { ...emptyRequest(rpc), ...request } as never)) {
    messages.push(message);
  }
  return messages;
}

export function fakeContext(): Context {
  return { runtime: 'gateway', pluginId: 1, requestId: 'request-1', signal: new AbortController().signal } as Context;
}

function bindingOf(rpc: keyof PluginServiceService) {
  const binding = BINDINGS.find((candidate) => candidate.rpc === rpc);
  if (!binding) throw new Error(`No capability answers ${rpc}.`);
  return binding;
}

function emptyRequest(rpc: keyof PluginServiceService): object {
  return PluginServiceService[rpc].requestDeserialize(Buffer.alloc(0));
}
