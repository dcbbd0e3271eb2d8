import { Flag, frame, FrameType } from '../http2/frame';
import { encodeTimeout } from '../grpc/timeout';
import { encodeHeaders } from '../hpack/hpack-encoder';

/** Beyond these, a block is made anew for each call: callers have few methods and few deadlines, and nothing may grow for ever. */
const MAX_BLOCKS = 1_024;

/** On a socket of this machine bytes cost nothing, and the peer would decode Huffman code for every call. */
const PLAIN = false;

/**
 * The HEADERS frames that begin requests, "Requests" of gRPC's PROTOCOL-HTTP2 document. They differ in method and timeout only, so each is
 * made once; the stream's id is written into the copy that leaves.
 */
export class RequestHeaders {
  private readonly frames = new Map<string, Map<number, Buffer>>();
  private count = 0;

  constructor(
    private readonly authority: string,
    private readonly userAgent: string,
  ) {}

  /** The HEADERS frame for stream 0. */
  frameOf(method: string, timeoutMs: number): Buffer {
    return this.frames.get(method)?.get(timeoutMs) ?? this.make(method, timeoutMs);
  }

  private make(method: string, timeoutMs: number): Buffer {
    const block = encodeHeaders([
      { name: ':method', value: 'POST' },
      { name: ':scheme', value: 'http' },
      { name: ':path', value: method },
      { name: ':authority', value: this.authority },
      { name: 'te', value: 'trailers' },
      { name: 'content-type', value: 'application/grpc' },
      { name: 'user-agent', value: this.userAgent },
      { name: 'grpc-timeout', value: encodeTimeout(timeoutMs) },
    ], PLAIN);
    const made = frame(FrameType.HEADERS, Flag.END_HEADERS, 0, block);
    if (this.count >= MAX_BLOCKS) return made;
    const ofMethod = this.frames.get(method) ?? new Map<number, Buffer>();
    this.frames.set(method, ofMethod.set(timeoutMs, made));
    this.count += 1;
    return made;
  }
}
