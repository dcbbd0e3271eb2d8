import type { App } from '../context/app';
import type { Body, Headers, HeadersInit } from './http';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS' | 'HEAD';

/** One path that a gateway serves for the plugin under `/plugins/{slug}`. */
export interface EndpointRegistration {
  /** Relative to the slug: exact (`/token`), or everything below with `/*` at the end. Exact wins. */
  path: string;
  /** Any text compiles, so that a plain array literal does; the host takes these seven. */
  methods: readonly (HttpMethod | (string & {}))[];
  description?: string;
  /** The gateway asks for a token of an app, and the handler gets `request.app`. Default false. */
  requireAuth?: boolean;
  /** Answered by `handleEndpointStream` instead of `handleEndpoint`. Default false. */
  streamResponse?: boolean;
  /** `pass_credentials: "true"` leaves the accepted token in the request. */
  metadata?: Record<string, string>;
}

export interface EndpointRequest {
  method: string;
  /** `/plugins/my-slug/users/123`, decoded. */
  path: string;
  /** `/users/123`. */
  relativePath: string;
  /** `['users', '123']`; empty for `/`. */
  pathSegments: string[];
  headers: Headers;
  body: Buffer;
  /** Raw, without the question mark. */
  queryString: string;
  query: URLSearchParams;
  /** The client's address without its port. */
  remoteAddr: string;
  host: string;
  protocol: string;
  /** Whether the gateway checked a token. */
  authenticated: boolean;
  /** Whose token it was. */
  app: App | undefined;
  /** The token's scopes. */
  scopes: string[];
}

export interface ResponseInit {
  /** Default 200. */
  status?: number;
  headers?: HeadersInit;
}

export interface EndpointResponse extends ResponseInit {
  body?: Body;
}

/** What a streaming handler may yield: text or bytes go out at once; status and headers count before the first of them. */
export type EndpointChunk = Body | ResponseInit;

/** The other way to stream, for handlers that are no generators. */
export interface EndpointStream {
  /** Once, before the first write; without it the answer is a plain 200. */
  writeHead(init: ResponseInit): Promise<void>;
  /** Resolves when the host has room for more. Rejects when the client has gone away or the answer has ended. */
  write(chunk: Body): Promise<void>;
}
