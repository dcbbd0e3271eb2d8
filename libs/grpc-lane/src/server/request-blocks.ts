import { decodeTimeout } from '../grpc/timeout';
import { HpackDecoder } from '../hpack/hpack-decoder';
import { HpackError } from '../hpack/hpack-error';
import type { HeaderField } from '../hpack/header-field';
import { MAX_HEADER_LIST_BYTES } from '../http2/connection';
import { ConnectionError, ErrorCode, StreamError } from '../http2/error-code';
import { faultOfRequest, faultOfTrailers } from '../http2/well-formed';

/** What a request's headers say to a gRPC server ("Requests" of gRPC's PROTOCOL-HTTP2 document). */
export interface RequestStart {
  /** `/package.Service/Method` */
  path: string;
  /** Undefined for a request without a deadline; NaN for one whose deadline cannot be read. */
  timeoutMs: number | undefined;
  /** The HTTP status of the refusal, when it is no gRPC request. */
  refusal: number | undefined;
}

const FIRST_TABLE_BYTES = 4_096;

/** A host calls few methods with few timeouts. */
const MAX_KNOWN_BLOCKS = 256;
const MAX_KNOWN_BYTES = 1_024;

const UNSUPPORTED_MEDIA_TYPE = 415;
const BAD_REQUEST = 400;

/** Reads the header blocks of one connection's requests; a block that came before is known by its bytes. */
export class RequestBlocks {
  private readonly decoder = new HpackDecoder({ maxTableBytes: FIRST_TABLE_BYTES, maxListBytes: MAX_HEADER_LIST_BYTES });
  private readonly known = new Map<string, RequestStart>();

  /** @throws ConnectionError, or StreamError for what is no request (RFC 9113, section 8.1.1) */
  read(bytes: Buffer, start: number, end: number): RequestStart {
    if (!this.decoder.isEmpty || end - start > MAX_KNOWN_BYTES) return readRequestStart(this.decode(bytes, start, end));
    const text = bytes.toString('latin1', start, end);
    const known = this.known.get(text);
    if (known) return known;
    const read = readRequestStart(this.decode(bytes, start, end));
    if (this.decoder.isPure && this.known.size < MAX_KNOWN_BLOCKS) this.known.set(text, read);
    return read;
  }

  /** A block that ends a request. @throws ConnectionError, or StreamError for one that may not be there */
  readTrailers(bytes: Buffer, start: number, end: number): void {
    const fault = faultOfTrailers(this.decode(bytes, start, end));
    if (fault) throw new StreamError(ErrorCode.PROTOCOL_ERROR, fault);
  }

  /** A block that says nothing to this side; the decoder has to see it all the same. @throws ConnectionError */
  passOver(bytes: Buffer, start: number, end: number): void {
    this.decode(bytes, start, end);
  }

  private decode(bytes: Buffer, start: number, end: number): HeaderField[] {
    try {
      return this.decoder.decode(bytes, start, end);
    } catch (error) {
      if (error instanceof HpackError) throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, error.message);
      throw error;
    }
  }
}

function readRequestStart(fields: readonly HeaderField[]): RequestStart {
  const fault = faultOfRequest(fields);
  if (fault) throw new StreamError(ErrorCode.PROTOCOL_ERROR, fault);
  const valueOf = (name: string) => fields.find((field) => field.name === name)?.value;
  const path = valueOf(':path') ?? '';
  const timeout = valueOf('grpc-timeout');
  const isGrpc = /^application\/grpc(?:$|[+;])/.test(valueOf('content-type') ?? '');
  const isPost = valueOf(':method') === 'POST' && path.startsWith('/');
  return { path, timeoutMs: timeout === undefined ? undefined : (decodeTimeout(timeout) ?? NaN), refusal: isPost ? (isGrpc ? undefined : UNSUPPORTED_MEDIA_TYPE) : BAD_REQUEST };
}
