import type { PluginServiceService } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';

type Definition = PluginServiceService;
type NamesWhere<Streams extends boolean> = { [K in keyof Definition]: Definition[K]['responseStream'] extends Streams ? K : never }[keyof Definition];

export type UnaryRpc = NamesWhere<false>;
export type StreamRpc = NamesWhere<true>;
export type RequestOf<R extends keyof Definition> = ReturnType<Definition[R]['requestDeserialize']>;
export type ResponseOf<R extends keyof Definition> = ReturnType<Definition[R]['responseDeserialize']>;

/** How one unary RPC is answered by a plugin that has the capability `Has`. */
export interface UnaryRow<R extends UnaryRpc, Has> {
  /** The method of the author's class. The capability is there when the class has it. */
  method: keyof Has & string;
  answer(plugin: Has, ctx: Context, request: RequestOf<R>): Promise<ResponseOf<R>> | ResponseOf<R>;
  /** The answer of a plugin that does not have the method. */
  otherwise(request: RequestOf<R>): ResponseOf<R>;
  /** The answer when the method throws. Without it the call ends with status UNKNOWN and the error's message. */
  failed?(message: string): ResponseOf<R>;
}

/** How one streaming RPC is answered. */
export interface StreamRow<R extends StreamRpc, Has> {
  method: keyof Has & string;
  /** What it yields is sent, one by one, as fast as the host reads. */
  answer(plugin: Has, ctx: Context, request: RequestOf<R>): AsyncIterable<ResponseOf<R>>;
  /** The sentence of the status UNKNOWN that a plugin without the method answers. */
  otherwise: string;
  /** The last message when the method throws. */
  failed(message: string): ResponseOf<R>;
}

/** A row as the server sees it: the types of its capability are known inside the row only. */
export type Binding =
  | ({ kind: 'unary'; rpc: UnaryRpc } & UnaryRow<never, never>)
  | ({ kind: 'stream'; rpc: StreamRpc } & StreamRow<never, never>);

export function unary<R extends UnaryRpc, Has>(rpc: R, row: UnaryRow<R, Has>): Binding {
  return { kind: 'unary', rpc, ...(row as unknown as UnaryRow<never, never>) };
}

export function stream<R extends StreamRpc, Has>(rpc: R, row: StreamRow<R, Has>): Binding {
  return { kind: 'stream', rpc, ...(row as unknown as StreamRow<never, never>) };
}
