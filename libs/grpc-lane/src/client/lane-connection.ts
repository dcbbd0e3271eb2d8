import { connect, type Socket } from 'node:net';
import { writeMessage } from '../grpc/frame-message';
import { MESSAGE_PREFIX_BYTES } from '../grpc/message-reader';
import { CallError, Status } from '../grpc/status';
import { Connection, MAX_HEADER_LIST_BYTES } from '../http2/connection';
import { ConnectionError, ErrorCode } from '../http2/error-code';
import { CLIENT_PREFACE, Flag, FRAME_HEADER_BYTES, FrameType, MAX_31_BITS, writeFrameHeader } from '../http2/frame';
import { Outgoing } from '../http2/outgoing';
import { SettingId } from '../http2/settings';
import { AnswerBlocks, HEADER_TABLE_BYTES } from './answer-blocks';
import type { CallCarrier, LaneCall } from './lane-call';
import { PeerWatch, type PeerWatchOptions } from './peer-watch';

const READ_BUFFER_BYTES = 65_536;

/** A request of this size is copied into one piece of the output together with its headers. */
const SMALL_REQUEST_BYTES = 4_096;

const STREAM_ID_OFFSET = 5;

export interface ConnectionListener {
  /** The first time that calls can be sent, and whenever there is room for more. */
  onRoom(connection: LaneConnection): void;
  /** The peer did not begin this call, and says so: it can go elsewhere. */
  onRefused(call: LaneCall): void;
  /** No new calls can be sent; those that are open go on. */
  onRetired(connection: LaneConnection, reason: string): void;
  /** It is gone; every call has been told. */
  onClosed(connection: LaneConnection, reason: string): void;
}

export interface ConnectionOptions extends PeerWatchOptions {
  /** Of the unix socket. */
  path: string;
  /** What one call may have on its way, see CallLimits. */
  windowBytes: number;
  /** Opens the socket, which hands over what it reads in this buffer and pauses when it is told false. Default: node's. */
  open?: (path: string, buffer: Buffer, onBytes: (bytes: number) => boolean) => Socket;
}

/** The client's end of a connection. */
export class LaneConnection extends Connection<LaneCall> implements CallCarrier {
  private readonly blocks = new AnswerBlocks();
  private nextStreamId = 1;
  /** The peer opens none, since push is switched off. */
  protected readonly lastPeerStreamId = 0;
  private connectedAtMs = Infinity;
  private answered = false;
  private readonly watch: PeerWatch;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    super((options.open ?? open)(options.path, buffer, (bytes) => this.read(buffer, bytes)));
    this.socket.on('connect', () => this.begin());
    this.watch = new PeerWatch(this, options);
  }

  get hasRoom(): boolean {
    return this.connectedAtMs !== Infinity && !this.retired && this.streams.size < this.peer.maxConcurrentStreams;
  }

  /** A call was answered on it, or it has stood for so long. */
  wasOfUse(afterMs: number): boolean {
    return this.answered || performance.now() - this.connectedAtMs >= afterMs;
  }

  /** Only while it {@link hasRoom}. */
  send(call: LaneCall): void {
    call.streamId = this.nextStreamId;
    call.carrier = this;
    this.nextStreamId += 2;
    this.streams.add(call);
    const bytes = MESSAGE_PREFIX_BYTES + call.request.length;
    const headers = this.headers(call.headers);
    if (bytes <= SMALL_REQUEST_BYTES && this.sender.takes(bytes)) this.sendWhole(call, headers, bytes);
    else this.sendInPieces(call, headers);
    // Stream ids are used once (RFC 9113, section 5.1.1).
    if (this.nextStreamId <= MAX_31_BITS) return;
    this.goodbye = 'The connection has no stream ids left.';
    this.retire();
  }

  abandon(call: LaneCall): void {
    this.reset(call.streamId, ErrorCode.CANCEL);
    this.leave(call);
  }

  refused(call: LaneCall): void {
    this.listener.onRefused(call);
  }

  /** The answer is complete. A request that is not out by then has no use any more (RFC 9113, section 8.1). */
  concluded(call: LaneCall): void {
    if (call.outgoing) this.reset(call.streamId, ErrorCode.NO_ERROR);
    this.leave(call);
  }

  onHeaders(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
    const call = this.streamOf(streamId);
    if (!call) return this.blocks.passOver(bytes, start, end);
    try {
      this.readAnswer(call, bytes, start, end, endStream);
    } catch (error) {
      this.endFaulty(call, error);
    }
  }

  protected streamOf(streamId: number): LaneCall | undefined {
    this.checkSettled();
    if (streamId % 2 === 0 || streamId >= this.nextStreamId) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `The peer sent a frame on stream ${streamId}, which was never opened.`);
    return this.streams.get(streamId);
  }

  protected override forget(call: LaneCall): void {
    this.leave(call);
  }

  protected onGoaway(lastStreamId: number): void {
    this.retire();
    // The oldest goes on first, and is not the one for which there is no room.
    for (const call of this.streams.list().sort((a, b) => a.streamId - b.streamId)) {
      if (call.streamId <= lastStreamId) continue;
      this.leave(call);
      this.listener.onRefused(call);
    }
    this.closeWhenIdle();
  }

  protected onPeerSettings(): void {
    if (this.hasRoom) this.listener.onRoom(this);
  }

  protected onClosed(reason: string, calls: LaneCall[]): void {
    this.watch.close();
    for (const call of calls) call.onStatus(new CallError(Status.UNAVAILABLE, reason));
    this.listener.onClosed(this, reason);
  }

  private readAnswer(call: LaneCall, bytes: Buffer, start: number, end: number, endStream: boolean): void {
    if (endStream) {
      const error = this.blocks.readTrailers(bytes, start, end, !call.begun);
      this.answered = true;
      this.concluded(call);
      return call.onStatus(error);
    }
    if (call.begun) {
      this.blocks.passOver(bytes, start, end);
      return call.fail(new CallError(Status.INTERNAL, 'The peer sent trailers that do not end the call.'));
    }
    const answer = this.blocks.readStart(bytes, start, end);
    if (answer.kind === 'failed') call.fail(answer.error);
    else if (answer.kind === 'response') call.begun = true;
  }

  private begin(): void {
    this.connectedAtMs = performance.now();
    this.greet(CLIENT_PREFACE, [
      [SettingId.HEADER_TABLE_SIZE, HEADER_TABLE_BYTES],
      [SettingId.ENABLE_PUSH, 0],
      [SettingId.INITIAL_WINDOW_SIZE, this.options.windowBytes],
      [SettingId.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST_BYTES],
    ]);
    this.listener.onRoom(this);
  }

  /** One copy, one frame: what nearly every request is. */
  private sendWhole({ request, streamId }: LaneCall, headers: Buffer, bytes: number): void {
    const offset = this.output.reserve(headers.length + FRAME_HEADER_BYTES + bytes);
    const { buffer } = this.output;
    headers.copy(buffer, offset);
    buffer.writeUInt32BE(streamId, offset + STREAM_ID_OFFSET);
    const data = offset + headers.length;
    writeFrameHeader(buffer, data, bytes, FrameType.DATA, Flag.END_STREAM, streamId);
    writeMessage(buffer, data + FRAME_HEADER_BYTES, request);
    this.sender.spend(bytes);
  }

  private sendInPieces(call: LaneCall, headers: Buffer): void {
    const offset = this.output.reserve(headers.length);
    headers.copy(this.output.buffer, offset);
    this.output.buffer.writeUInt32BE(call.streamId, offset + STREAM_ID_OFFSET);
    const prefix = Buffer.alloc(MESSAGE_PREFIX_BYTES);
    prefix.writeUInt32BE(call.request.length, 1);
    const outgoing = new Outgoing(call.streamId, this.peer.initialWindowBytes);
    outgoing.add(prefix);
    outgoing.add(call.request);
    outgoing.end();
    call.outgoing = outgoing;
    this.sender.send(outgoing);
  }

  private leave(call: LaneCall): void {
    const full = this.streams.size >= this.peer.maxConcurrentStreams;
    super.forget(call);
    if (this.retired) this.closeWhenIdle();
    else if (full && this.hasRoom) this.listener.onRoom(this);
  }

  private retire(): void {
    if (this.retired) return;
    this.retired = true;
    this.listener.onRetired(this, this.goodbye);
  }

  private closeWhenIdle(): void {
    if (this.streams.size === 0) this.close(this.goodbye);
  }
}

function open(path: string, buffer: Buffer, callback: (bytes: number) => boolean): Socket {
  return connect({ path, onread: { buffer, callback } });
}
