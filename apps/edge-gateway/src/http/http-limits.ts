import type { HeadLimits } from './request-guard';

/** What a client may take of a gateway. */
export interface HttpLimits extends HeadLimits {
  /** From the first byte of a request, or of a connection, to the end of its head. */
  headTimeoutMs: number;
  /** From the first byte of a request to its last. */
  requestTimeoutMs: number;
  /** How long a connection may be idle between two requests. */
  keepAliveMs: number;
  /** How often it is looked whether a body arrives, and an answer leaves, fast enough. */
  slowClientMs: number;
  minBytesPerSecond: number;
  maxConnections: number;
}
