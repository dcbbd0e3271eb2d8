import { crc32 } from 'node:zlib';

/** What a request asks its server for. It stands at the beginning of the request as JSON, behind its length in 4 bytes; the Go peer reads it too. */
export interface Plan {
  /** Bytes of each answer. A unary call has one. */
  answers: number[];
  status: number;
  message: string;
  /** Metadata before and behind the answers. */
  headers: Record<string, string>;
  trailers: Record<string, string>;
  /** Says nothing more after the answers, until the call is cancelled. */
  hangs: boolean;
}

const LENGTH_BYTES = 4;

export function requestOf(plan: Plan, fillerBytes: number): Buffer {
  const text = Buffer.from(JSON.stringify(plan));
  const request = Buffer.alloc(LENGTH_BYTES + text.length + fillerBytes, 'filler');
  request.writeUInt32BE(text.length);
  text.copy(request, LENGTH_BYTES);
  return request;
}

export function planOf(request: Buffer): Plan {
  return JSON.parse(request.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + request.readUInt32BE(0))) as Plan;
}

/** Made of the request's checksum and its own number, again and again, so that it tells whether the request arrived as it was. */
export function answerOf(request: Buffer, number: number, bytes: number): Buffer {
  const block = Buffer.alloc(4);
  block.writeUInt32BE((crc32(request) + number) >>> 0);
  return bytes === 0 ? Buffer.alloc(0) : Buffer.alloc(bytes, block);
}
