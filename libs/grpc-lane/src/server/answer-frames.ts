import { encodeMessage } from '../grpc/percent-decoding';
import { encodeHeaders } from '../hpack/hpack-encoder';
import { Flag, frame, FrameType } from '../http2/frame';

const START = [
  { name: ':status', value: '200' },
  { name: 'content-type', value: 'application/grpc' },
];

/** The HEADERS frame that begins an answer, for stream 0. */
export const ANSWER_START = frame(FrameType.HEADERS, Flag.END_HEADERS, 0, encodeHeaders(START));

/** The HEADERS frame that ends an answer with status OK, for stream 0. */
export const ANSWER_OK = frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, 0, encodeHeaders([{ name: 'grpc-status', value: '0' }]));

const STREAM_ID_OFFSET = 5;

/** A message may not make headers that no peer takes. */
const MAX_MESSAGE_CHARACTERS = 2_000;

/** A copy of a frame for another stream. */
export function onStream(made: Buffer, streamId: number): Buffer {
  const copy = Buffer.from(made);
  copy.writeUInt32BE(streamId, STREAM_ID_OFFSET);
  return copy;
}

export function copyOnStream(made: Buffer, streamId: number, target: Buffer, offset: number): void {
  made.copy(target, offset);
  target.writeUInt32BE(streamId, offset + STREAM_ID_OFFSET);
}

/** The HEADERS frame that ends an answer; with its beginning, when there was none before it ("Trailers-Only"). */
export function answerEnd(streamId: number, status: number, message: string, only: boolean): Buffer {
  const trailers = [
    { name: 'grpc-status', value: String(status) },
    ...(message === '' ? [] : [{ name: 'grpc-message', value: encodeMessage(message.slice(0, MAX_MESSAGE_CHARACTERS)) }]),
  ];
  return frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, streamId, encodeHeaders(only ? [...START, ...trailers] : trailers));
}

/** For what is no gRPC request. */
export function httpRefusal(streamId: number, status: number): Buffer {
  return frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, streamId, encodeHeaders([{ name: ':status', value: String(status) }]));
}
