import type { ServiceDefinition } from '@grpc/grpc-js';

/** Who is calling: known from the socket that the call came in on, never from the message. */
export interface ServiceCaller {
  pluginId: number;
  pluginName: string;
  /** The id of its manifest once it is known, else `''`. */
  manifestId: string;
  approvedScopes: readonly string[];
  generation: number;
}

/**
 * Answers one RPC of the Service API. `request` and the answer are the generated messages of that RPC.
 * A SluiceError thrown here becomes the gRPC status of its kind; anything else is INTERNAL and logged.
 */
export type ServiceHandler = (caller: ServiceCaller, request: never) => Promise<unknown>;

/**
 * One gRPC service of the Service API. Methods without a handler answer UNIMPLEMENTED; every method is
 * refused with PERMISSION_DENIED unless the caller's approved scopes allow it (`SERVICE_SCOPES` of plugin-manifest).
 */
export interface ServiceApi {
  definition: ServiceDefinition;
  handlers: Readonly<Record<string, ServiceHandler>>;
}
