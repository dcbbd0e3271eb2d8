import { decodeTimeout } from '../grpc/timeout';
import type { HeaderField } from '../hpack/header-field';
import { BlockDecoder } from '../http2/block-decoder';
import { MAX_HEADER_LIST_BYTES } from '../http2/connection';
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

/** A host calls few methods with few timeouts. */
const MAX_KNOWN_BLOCKS = 256;
const MAX_KNOWN_BYTES = 1_024;

const UNSUPPORTED_MEDIA_TYPE = 415;
const BAD_REQUEST = 400;

/** Reads the header blocks of one connection's requests; a block that came before is known by its bytes. */
export class RequestBlocks {
  private readonly decoder = new BlockDecoder(MAX_HEADER_LIST_BYTES);
  private readonly known = new Map<string, RequestStart>();

  /** @throws ConnectionError, or StreamError for what is no request (RFC 9113, section 8.1.1) */
  read(bytes: Buffer, start: number, end: number): RequestStart {
    if (!this.decoder.isEmpty || end - start > MAX_KNOWN_BYTES) return readRequestStart(this.decoder.decodeChecked(bytes, start, end, faultOfRequest));
    const text = bytes.toString('latin1', start, end);
    const known = this.known.get(text);
    if (known) return known;
    const read = readRequestStart(this.decoder.decodeChecked(bytes, start, end, faultOfRequest));
    if (this.decoder.isPure && this.known.size < MAX_KNOWN_BLOCKS) this.known.set(text, read);
    return read;
  }

  /** A block that ends a request. @throws ConnectionError, or StreamError for one that may not be there */
  readTrailers(bytes: Buffer, start: number, end: number): void {
    this.decoder.decodeChecked(bytes, start, end, faultOfTrailers);
  }

  /** A block that says nothing to this side; the decoder has to see it all the same. @throws ConnectionError */
  passOver(bytes: Buffer, start: number, end: number): void {
    this.decoder.decode(bytes, start, end);
  }
}

function readRequestStart(fields: readonly HeaderField[]): RequestStart {
  const valueOf = (name: string) => fields.find((field) => field.name === name)?.value;
  const path = valueOf(':path') ?? '';
  const timeout = valueOf('grpc-timeout');
  const isGrpc = /^application\/grpc(?:$|[+;])/.test(valueOf('content-type') ?? '');
  const isPost = valueOf(':method') === 'POST' && path.startsWith('/');
  return { path, timeoutMs: timeout === undefined ? undefined : (decodeTimeout(timeout) ?? NaN), refusal: isPost ? (isGrpc ? undefined : UNSUPPORTED_MEDIA_TYPE) : BAD_REQUEST };
}
