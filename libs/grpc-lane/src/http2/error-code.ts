/** Why a stream or connection ended, RFC 9113 section 7. */
export const ErrorCode = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

const NAMES = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));

/** For sentences: `CANCEL`, or the number of a code that nobody has defined. */
export function errorCodeName(code: number): string {
  return NAMES.get(code) ?? `error code ${code}`;
}

/** What the peer did that ends the whole connection (RFC 9113, section 5.4.1). */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(
    /** What GOAWAY tells the peer. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the peer did that ends one stream, and leaves the others alone (RFC 9113, section 5.4.2). */
export class StreamError extends Error {
  override readonly name = 'StreamError';

  constructor(
    /** What RST_STREAM tells the peer. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
