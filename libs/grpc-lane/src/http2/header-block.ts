import { ConnectionError, ErrorCode } from './error-code';

export interface HeaderBlockLimits {
  /** The largest header block, still encoded, in bytes. */
  maxBlockBytes: number;
  /** The most CONTINUATION frames that one block may have: each may be empty, so that the size alone is no bound. */
  maxContinuations: number;
}

/** A header block that does not fit into one frame (RFC 9113, section 4.3). */
export class HeaderBlock {
  private readonly parts: Buffer[] = [];
  private bytes = 0;

  constructor(
    readonly streamId: number,
    readonly endStream: boolean,
    private readonly limits: HeaderBlockLimits,
  ) {}

  /** Keeps a copy. @throws ConnectionError when the block gets too large. */
  append(bytes: Buffer, start: number, end: number): void {
    this.bytes += end - start;
    checkBlockBytes(this.bytes, this.limits);
    if (this.parts.length > this.limits.maxContinuations) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `A header block has more than ${this.limits.maxContinuations} CONTINUATION frames.`);
    }
    this.parts.push(Buffer.from(bytes.subarray(start, end)));
  }

  whole(): Buffer {
    return Buffer.concat(this.parts, this.bytes);
  }
}

/** @throws ConnectionError */
export function checkBlockBytes(bytes: number, { maxBlockBytes }: HeaderBlockLimits): void {
  if (bytes > maxBlockBytes) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `A header block is larger than ${maxBlockBytes} bytes.`);
}
