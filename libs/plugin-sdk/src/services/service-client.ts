import { type CallOptions as GrpcCallOptions, type Client, Metadata, type MethodDefinition } from '@grpc/grpc-js';

/** How long a unary call to the host may take when the author says nothing. */
const DEFAULT_TIMEOUT_MS = 30_000;

export interface ServiceCallOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

// The generated definitions carry each method's messages in their serializers.
type RequestOf<M> = M extends { requestDeserialize: (bytes: Buffer) => infer R } ? R : never;
type ResponseOf<M> = M extends { responseDeserialize: (bytes: Buffer) => infer R } ? R : never;
/** Fields that are left out have their proto3 default; `context` is the SDK's to fill. */
type Input<M> = Partial<Omit<RequestOf<M>, 'context'>>;

type ServiceMethod<M> = M extends { responseStream: true }
  ? (request?: Input<M>, options?: ServiceCallOptions) => AsyncIterable<ResponseOf<M>>
  : (request?: Input<M>, options?: ServiceCallOptions) => Promise<ResponseOf<M>>;

/** The protocol's own name in lower case: the generator would call `ListLLMs` `listLlMs`. */
type MethodName<M> = M extends { path: `/${string}/${infer Name}` } ? Uncapitalize<Name> : never;

/** Every method of a generated service definition as a function that returns a promise, or an async iterable where it streams. */
export type ServiceClient<Definition> = { readonly [K in keyof Definition as MethodName<Definition[K]>]: ServiceMethod<Definition[K]> };

type Codec = MethodDefinition<object, object>;

export function serviceClient<Definition extends object>(
  definition: Definition,
  connect: () => Promise<Client>,
  pluginId: () => number,
): ServiceClient<Definition> {
  const methods = Object.values(definition).map((value) => {
    const method = value as Codec;
    const complete = (request: object = {}) => completeRequest(method, request, pluginId());
    return [
      methodName(method.path),
      method.responseStream
        ? (request?: object, options?: ServiceCallOptions) => streamCall(method, connect, complete(request), options)
        : (request?: object, options?: ServiceCallOptions) => unaryCall(method, connect, complete(request), options),
    ];
  });
  return Object.fromEntries(methods) as ServiceClient<Definition>;
}

function methodName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function completeRequest(method: Codec, request: object, pluginId: number): object {
  const message = method.requestDeserialize(Buffer.alloc(0));
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const context = 'context' in message ? { context: { pluginId, methodScope: '' } } : {};
  return Object.assign(message, given, context);
}

async function unaryCall(method: Codec, connect: () => Promise<Client>, request: object, options: ServiceCallOptions = {}): Promise<object> {
  const client = await connected(connect, options);
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      new Metadata(),
      callOptions(options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
      (error, response) => {
        options.signal?.removeEventListener('abort', cancel);
        if (response) resolve(response);
        else reject(error ?? new Error(`${method.path} was answered by nothing.`));
      },
    );
    const cancel = () => call.cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
  });
}

async function* streamCall(
  method: Codec,
  connect: () => Promise<Client>,
  request: object,
  options: ServiceCallOptions = {},
): AsyncGenerator<object> {
  const client = await connected(connect, options);
  const call = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    new Metadata(),
    callOptions(options.timeoutMs),
  );
  const cancel = () => call.cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const message of call) yield message as object;
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    // The caller may have stopped early; after a cancellation the stream reports an error that nobody waits for.
    call.on('error', () => undefined);
    call.cancel();
  }
}

/** Who cancels while the connection is being made has cancelled the call as well. */
async function connected(connect: () => Promise<Client>, { signal }: ServiceCallOptions): Promise<Client> {
  signal?.throwIfAborted();
  const client = await connect();
  signal?.throwIfAborted();
  return client;
}

function callOptions(timeoutMs: number | undefined): GrpcCallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}
