import { PluginResponse, type PluginRequest as WireRequest } from '@sluice/contracts/plugin';
import { type Body, bodyToWire, type Headers, type HeadersInit, headersToWire } from './http';

/** A request on its way through the gateway. */
export interface PluginRequest {
  method: string;
  path: string;
  headers: Headers;
  body: Buffer;
  /** `ip:port` of the client. */
  remoteAddr: string;
}

/** Changes the request: headers are set one by one, the body is replaced when one is given. */
export interface RequestChange {
  block?: false;
  headers?: HeadersInit;
  body?: Body;
  /** Told to later stages; `upstream_override` changes the upstream. */
  contextUpdates?: Record<string, string>;
}

/** Ends the request with this answer. */
export interface RequestBlock {
  block: true;
  /** Default 403. */
  status?: number;
  headers?: HeadersInit;
  body?: Body;
  message?: string;
}

/** Nothing lets the request pass as it is. */
export type RequestVerdict = RequestChange | RequestBlock | void;

export function requestFromWire({ method, path, headers, body, remoteAddr }: WireRequest): PluginRequest {
  return { method, path, headers, body, remoteAddr };
}

export function verdictToWire(verdict: RequestVerdict): PluginResponse {
  if (!verdict) return PluginResponse.create({ modified: false });
  const answer = { headers: headersToWire(verdict.headers), body: bodyToWire(verdict.body) };
  if (verdict.block) {
    return PluginResponse.create({ ...answer, block: true, statusCode: verdict.status ?? 403, errorMessage: verdict.message ?? '' });
  }
  return PluginResponse.create({ ...answer, modified: true, contextUpdates: verdict.contextUpdates ?? {} });
}
