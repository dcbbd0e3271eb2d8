import type { HeaderField } from '../hpack/header-field';
import { decodeMessage } from './percent-decoding';
import { CallError, Status } from './status';

const CONTENT_TYPE = /^application\/grpc(?:$|[+;])/;

/** "HTTP2 Transport Mapping" of gRPC's http-grpc-status-mapping document. */
const STATUS_OF_HTTP: ReadonlyMap<string, number> = new Map([
  ['400', Status.INTERNAL],
  ['401', Status.UNAUTHENTICATED],
  ['403', Status.PERMISSION_DENIED],
  ['404', Status.UNIMPLEMENTED],
  ['429', Status.UNAVAILABLE],
  ['502', Status.UNAVAILABLE],
  ['503', Status.UNAVAILABLE],
  ['504', Status.UNAVAILABLE],
]);

export type ResponseStart =
  /** A 1xx response: the real one follows. */
  | { kind: 'informational' }
  | { kind: 'response' }
  /** No gRPC server answered, or not as one. */
  | { kind: 'failed'; error: CallError };

/** What the first header block of an answer says, when it is not the last ("Responses" of gRPC's PROTOCOL-HTTP2 document). */
export function readResponseStart(fields: readonly HeaderField[]): ResponseStart {
  const status = valueOf(fields, ':status') ?? '';
  if (/^1\d\d$/.test(status)) return { kind: 'informational' };
  const error = errorOfHttp(fields, status);
  return error ? { kind: 'failed', error } : { kind: 'response' };
}

/**
 * How the call ended, by its trailers; undefined for OK.
 * @param only there was no header block before it (Trailers-Only).
 */
export function readTrailers(fields: readonly HeaderField[], only: boolean): CallError | undefined {
  const text = valueOf(fields, 'grpc-status');
  if (text === undefined) {
    const error = only ? errorOfHttp(fields, valueOf(fields, ':status') ?? '') : undefined;
    return error ?? new CallError(Status.UNKNOWN, 'The peer ended the call without a status.');
  }
  const code = /^\d{1,9}$/.test(text) ? Number(text) : Status.UNKNOWN;
  if (code === Status.OK) return undefined;
  return new CallError(code, decodeMessage(valueOf(fields, 'grpc-message') ?? ''));
}

function errorOfHttp(fields: readonly HeaderField[], status: string): CallError | undefined {
  if (status !== '200') {
    return new CallError(STATUS_OF_HTTP.get(status) ?? Status.UNKNOWN, status === '' ? 'The peer answered without an HTTP status.' : `The peer answered with HTTP status ${status}.`);
  }
  const contentType = valueOf(fields, 'content-type') ?? '';
  return CONTENT_TYPE.test(contentType) ? undefined : new CallError(Status.UNKNOWN, `The peer answered with content type ${JSON.stringify(contentType)}.`);
}

function valueOf(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}
