import { PluginServiceService } from '@sluice/contracts/plugin';

type Definition = PluginServiceService;
export type PluginRpc = keyof Definition;
type NamesWhere<Streams extends boolean> = { [K in PluginRpc]: Definition[K]['responseStream'] extends Streams ? K : never }[PluginRpc];

export type UnaryRpc = NamesWhere<false>;
export type StreamRpc = NamesWhere<true>;
export type RequestOf<R extends PluginRpc> = ReturnType<Definition[R]['requestDeserialize']>;
export type ResponseOf<R extends PluginRpc> = ReturnType<Definition[R]['responseDeserialize']>;

/** What the kit uses of a generated method. The generated types keep request and answer of one RPC together; here they are its caller's care. */
export interface RpcDefinition {
  path: string;
  requestSerialize(request: object): Buffer;
  responseDeserialize(bytes: Buffer): object;
}

export function definitionOf(rpc: PluginRpc): RpcDefinition {
  return PluginServiceService[rpc] as unknown as RpcDefinition;
}

/** `HandleEndpointRequest`: the name of an RPC as authors know it. */
export function nameOf(rpc: PluginRpc): string {
  return PluginServiceService[rpc].path.split('/').at(-1)!;
}
