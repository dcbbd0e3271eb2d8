import { readResponseStart, readTrailers, type ResponseStart } from '../grpc/response-headers';
import type { CallError } from '../grpc/status';
import { BlockDecoder } from '../http2/block-decoder';
import { MAX_HEADER_LIST_BYTES } from '../http2/connection';
import { faultOfResponse, faultOfTrailers } from '../http2/well-formed';

/** SETTINGS_HEADER_TABLE_SIZE of this side: nothing is remembered, so that equal blocks are equal fields. */
export const HEADER_TABLE_BYTES = 0;

const RESPONSE: ResponseStart = { kind: 'response' };

/**
 * Reads the header blocks of one connection's answers. Nearly every answer begins and ends with the same bytes as the one before it; those
 * are compared, and only others are decoded.
 */
export class AnswerBlocks {
  private readonly decoder = new BlockDecoder(MAX_HEADER_LIST_BYTES);
  private usualStart = Buffer.alloc(0);
  private usualTrailers = Buffer.alloc(0);

  /** The first block of an answer. @throws ConnectionError, or StreamError for what is no answer (RFC 9113, section 8.1.1) */
  readStart(bytes: Buffer, start: number, end: number): ResponseStart {
    if (this.same(this.usualStart, bytes, start, end)) return RESPONSE;
    const read = readResponseStart(this.decoder.decodeChecked(bytes, start, end, faultOfResponse));
    if (read.kind === 'response' && this.decoder.isPure) this.usualStart = Buffer.from(bytes.subarray(start, end));
    return read;
  }

  /**
   * The last block of an answer: undefined for OK.
   * @param only there was none before it
   * @throws ConnectionError, or StreamError for what is no end of an answer
   */
  readTrailers(bytes: Buffer, start: number, end: number, only: boolean): CallError | undefined {
    if (!only && this.same(this.usualTrailers, bytes, start, end)) return undefined;
    const error = readTrailers(this.decoder.decodeChecked(bytes, start, end, only ? faultOfResponse : faultOfTrailers), only);
    if (!error && !only && this.decoder.isPure) this.usualTrailers = Buffer.from(bytes.subarray(start, end));
    return error;
  }

  /** A block that nobody waits for any more; the decoder has to see it all the same. @throws ConnectionError */
  passOver(bytes: Buffer, start: number, end: number): void {
    this.decoder.decode(bytes, start, end);
  }

  private same(usual: Buffer, bytes: Buffer, start: number, end: number): boolean {
    const length = end - start;
    return length === usual.length && length > 0 && this.decoder.isEmpty && bytes.compare(usual, 0, length, start, end) === 0;
  }
}
