import { HpackDecoder } from '../hpack/hpack-decoder';
import { HpackError } from '../hpack/hpack-error';
import type { HeaderField } from '../hpack/header-field';
import { ConnectionError, ErrorCode, StreamError } from './error-code';

/** Until SETTINGS are acknowledged a peer may use the table that HTTP/2 begins with (RFC 9113, section 6.5.2). */
const FIRST_TABLE_BYTES = 4_096;

/** The header blocks of one connection, in their order: a fault of the encoding ends the connection, one of the headers their stream. */
export class BlockDecoder {
  private readonly decoder: HpackDecoder;

  constructor(maxListBytes: number) {
    this.decoder = new HpackDecoder({ maxTableBytes: FIRST_TABLE_BYTES, maxListBytes });
  }

  /** See {@link HpackDecoder}. */
  get isEmpty(): boolean {
    return this.decoder.isEmpty;
  }

  /** See {@link HpackDecoder}. */
  get isPure(): boolean {
    return this.decoder.isPure;
  }

  /** @throws ConnectionError (RFC 9113, section 4.3) */
  decode(bytes: Buffer, start: number, end: number): HeaderField[] {
    try {
      return this.decoder.decode(bytes, start, end);
    } catch (error) {
      if (error instanceof HpackError) throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, error.message);
      throw error;
    }
  }

  /** @throws ConnectionError, or StreamError for headers with the fault that `faultOf` finds (section 8.1.1) */
  decodeChecked(bytes: Buffer, start: number, end: number, faultOf: (fields: readonly HeaderField[]) => string | undefined): HeaderField[] {
    const fields = this.decode(bytes, start, end);
    const fault = faultOf(fields);
    if (fault) throw new StreamError(ErrorCode.PROTOCOL_ERROR, fault);
    return fields;
  }
}
