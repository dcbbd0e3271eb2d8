import { FRAME_HEADER_BYTES, writeFrameHeader } from './frame';

/** "Dynamic Table Size Update" to 0, RFC 7541 section 6.3. */
const NO_TABLE = 0x20;

/**
 * A HEADERS frame that tells the peer first that this side's encoder has no table. The first block of a connection has to, or a peer
 * that has made the table smaller with its SETTINGS would wait for a word of this side in vain (RFC 7541, section 4.2).
 */
export function withoutTable(headers: Buffer): Buffer {
  const made = Buffer.allocUnsafe(headers.length + 1);
  const streamId = headers.readUInt32BE(5);
  writeFrameHeader(made, 0, headers.length - FRAME_HEADER_BYTES + 1, headers[3]!, headers[4]!, streamId);
  made[FRAME_HEADER_BYTES] = NO_TABLE;
  headers.copy(made, FRAME_HEADER_BYTES + 1, FRAME_HEADER_BYTES);
  return made;
}
