import { randomFillSync } from 'node:crypto';

const SANE_REQUEST_ID = /^[A-Za-z0-9._:+/=@-]{1,128}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

const pool = Buffer.alloc(16 * 256);
let used = pool.length;

/** The client's own id of the request where it is harmless in headers and logs, else a new one. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && SANE_REQUEST_ID.test(header) ? header : newRequestId();
}

/** 32 hex digits. Random bytes are drawn 256 ids at a time, since each draw costs more than the rest of the work. */
export function newRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.toString('hex', used - 16, used);
}

/** The trace id of a valid `traceparent` (W3C Trace Context), else undefined. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  if (traceparent === undefined) return undefined;
  const match = TRACEPARENT.exec(traceparent);
  return match && match[1] !== NO_TRACE && match[2] !== NO_SPAN && !traceparent.startsWith('ff') ? match[1] : undefined;
}
