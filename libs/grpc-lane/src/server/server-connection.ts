import type { Socket } from 'node:net';
import type { DeadlineList } from '../grpc/deadline-list';
import { frameMessage, writeMessage } from '../grpc/frame-message';
import { MESSAGE_PREFIX_BYTES } from '../grpc/message-reader';
import { Connection, MAX_HEADER_LIST_BYTES } from '../http2/connection';
import { Status } from '../grpc/status';
import { ConnectionError, ErrorCode, StreamError } from '../http2/error-code';
import { CLIENT_PREFACE, FRAME_HEADER_BYTES, FrameType, MAX_31_BITS, writeFrameHeader } from '../http2/frame';
import { Outgoing } from '../http2/outgoing';
import { SettingId } from '../http2/settings';
import { ANSWER_OK, ANSWER_START, answerEnd, copyOnStream, httpRefusal, onStream } from './answer-frames';
import { RequestBlocks, type RequestStart } from './request-blocks';
import { ServerStream, type StreamCarrier } from './server-stream';

/** An answer of this size is copied into one piece of the output. */
const SMALL_ANSWER_BYTES = 4_096;

export interface ServerConnectionOptions {
  deadlines: DeadlineList;
  maxMessageBytes: number;
  /** What a client may have open at once; more are refused, and have to come again. */
  maxConcurrentStreams: number;
  /** A request has begun: gives the stream its listener, or ends it. */
  onRequest(stream: ServerStream, start: RequestStart, connection: ServerConnection): void;
  onClosed(connection: ServerConnection): void;
}

/** The server's end of a connection. */
export class ServerConnection extends Connection<ServerStream> implements StreamCarrier {
  private readonly blocks = new RequestBlocks();
  /** Of the preface, what has come. */
  private prefaceBytes = 0;
  protected lastPeerStreamId = 0;

  constructor(
    socket: Socket,
    private readonly options: ServerConnectionOptions,
  ) {
    super(socket);
    socket.on('data', (bytes: Buffer) => this.read(bytes, bytes.length));
    this.greet(undefined, [
      [SettingId.HEADER_TABLE_SIZE, 0],
      [SettingId.MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams],
      [SettingId.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST_BYTES],
    ]);
  }

  onHeaders(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
    this.checkSettled();
    if (streamId % 2 === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `A client opened stream ${streamId}, which is even.`);
    if (streamId <= this.lastPeerStreamId) return this.onTrailers(streamId, bytes, start, end, endStream);
    this.lastPeerStreamId = streamId;
    const request = this.readRequest(streamId, bytes, start, end);
    if (!request) return;
    if (this.streams.size >= this.options.maxConcurrentStreams) return this.reset(streamId, ErrorCode.REFUSED_STREAM);
    const deadlineMs = request.timeoutMs === undefined ? Infinity : performance.now() + request.timeoutMs;
    const stream = new ServerStream(streamId, deadlineMs, this, this.options.maxMessageBytes);
    this.streams.add(stream);
    if (request.refusal !== undefined) {
      this.output.write(this.headers(httpRefusal(streamId, request.refusal)));
      return this.finished(stream);
    }
    if (Number.isNaN(deadlineMs)) return stream.fail(Status.INTERNAL, 'The header grpc-timeout is no timeout.');
    if (deadlineMs !== Infinity) this.options.deadlines.add(stream);
    this.options.onRequest(stream, request, this);
    if (endStream) stream.onRequestEnd();
  }

  begin(stream: ServerStream): Outgoing {
    this.output.write(this.headers(onStream(ANSWER_START, stream.streamId)));
    return new Outgoing(stream.streamId, Math.min(this.peer.initialWindowBytes + stream.creditBytes, MAX_31_BITS));
  }

  flush(outgoing: Outgoing): void {
    this.sender.send(outgoing);
  }

  answer(stream: ServerStream, message: Uint8Array): void {
    const bytes = MESSAGE_PREFIX_BYTES + message.length;
    if (bytes > SMALL_ANSWER_BYTES || this.headless || !this.sender.takes(bytes)) {
      stream.outgoing = this.begin(stream);
      stream.outgoing.add(frameMessage(message));
      stream.outgoing.end(onStream(ANSWER_OK, stream.streamId));
      this.sender.send(stream.outgoing);
      return;
    }
    const { streamId } = stream;
    const offset = this.output.reserve(ANSWER_START.length + FRAME_HEADER_BYTES + bytes + ANSWER_OK.length);
    const { buffer } = this.output;
    const data = offset + ANSWER_START.length;
    copyOnStream(ANSWER_START, streamId, buffer, offset);
    writeFrameHeader(buffer, data, bytes, FrameType.DATA, 0, streamId);
    writeMessage(buffer, data + FRAME_HEADER_BYTES, message);
    copyOnStream(ANSWER_OK, streamId, buffer, data + FRAME_HEADER_BYTES + bytes);
    this.sender.spend(bytes);
    this.finished(stream);
  }

  refuse(stream: ServerStream, status: number, message: string): void {
    this.output.write(this.headers(answerEnd(stream.streamId, status, message, true)));
    this.finished(stream);
  }

  end(stream: ServerStream, status: number, message: string): void {
    const trailers = answerEnd(stream.streamId, status, message, false);
    stream.outgoing!.end(trailers);
    this.sender.send(stream.outgoing!);
  }

  override onSent(outgoing: Outgoing): void {
    const stream = this.streams.get(outgoing.streamId);
    if (stream) this.finished(stream);
  }

  override onRoom(outgoing: Outgoing): void {
    this.streams.get(outgoing.streamId)?.onRoom();
  }

  protected override readFrames(buffer: Buffer, bytes: number): void {
    const skipped = this.prefaceBytes < CLIENT_PREFACE.length ? this.readPreface(buffer, bytes) : 0;
    super.readFrames(skipped > 0 ? buffer.subarray(skipped, bytes) : buffer, bytes - skipped);
  }

  protected streamOf(streamId: number): ServerStream | undefined {
    this.checkSettled();
    if (streamId % 2 === 0 || streamId > this.lastPeerStreamId) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `The peer sent a frame on stream ${streamId}, which was never opened.`);
    return this.streams.get(streamId);
  }

  protected override forget(stream: ServerStream): void {
    this.options.deadlines.delete(stream);
    super.forget(stream);
  }

  protected onGoaway(): void {
    // A client says goodbye when it opens no more streams; those that are open get their answers.
  }

  protected onPeerSettings(): void {
    // What they change is looked up when it matters.
  }

  protected onClosed(_reason: string, streams: ServerStream[]): void {
    for (const stream of streams) {
      this.options.deadlines.delete(stream);
      stream.onReset();
    }
    this.options.onClosed(this);
  }

  private readPreface(buffer: Buffer, bytes: number): number {
    const taken = Math.min(bytes, CLIENT_PREFACE.length - this.prefaceBytes);
    if (CLIENT_PREFACE.compare(buffer, 0, taken, this.prefaceBytes, this.prefaceBytes + taken) !== 0) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'The peer does not speak HTTP/2.');
    }
    this.prefaceBytes += taken;
    return taken;
  }

  /** @returns undefined when it is no request, and the peer has been told. */
  private readRequest(streamId: number, bytes: Buffer, start: number, end: number): RequestStart | undefined {
    try {
      return this.blocks.read(bytes, start, end);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.reset(streamId, error.code);
      return undefined;
    }
  }

  private onTrailers(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
    const stream = this.streams.get(streamId);
    if (!stream) return this.blocks.passOver(bytes, start, end);
    try {
      this.blocks.readTrailers(bytes, start, end);
      if (!endStream) throw new StreamError(ErrorCode.PROTOCOL_ERROR, 'A request has a second header block that does not end it.');
      stream.onRequestEnd();
    } catch (error) {
      this.endFaulty(stream, error);
    }
  }

  /** The answer is out. What the peer still wants to send of its request is of no use any more (RFC 9113, section 8.1). */
  private finished(stream: ServerStream): void {
    if (!stream.requestEnded) this.reset(stream.streamId, ErrorCode.NO_ERROR);
    this.forget(stream);
  }
}
