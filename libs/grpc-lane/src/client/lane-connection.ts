import { connect, type Socket } from 'node:net';
import { CallError, Status } from '../grpc/status';
import { errorOfReset } from '../grpc/status-of-reset';
import { ConnectionError, ErrorCode, errorCodeName } from '../http2/error-code';
import { CLIENT_PREFACE, DEFAULT_WINDOW_BYTES, Flag, frame, FRAME_HEADER_BYTES, FrameType, MAX_31_BITS, writeFrameHeader } from '../http2/frame';
import { type FrameListener, FrameReader } from '../http2/frame-reader';
import { Output } from '../http2/output';
import { ReceiveWindow } from '../http2/receive-window';
import { encodeSettings, PeerSettings, SettingId } from '../http2/settings';
import { AnswerBlocks, HEADER_TABLE_BYTES, MAX_HEADER_LIST_BYTES } from './answer-blocks';
import type { CallCarrier, LaneCall } from './lane-call';
import { RequestSender } from './request-sender';

const READ_BUFFER_BYTES = 65_536;

/** How much may be on its way to this side at once, all calls together. Each call has a window of its own. */
const CONNECTION_WINDOW_BYTES = 16 * 1_048_576;

const BLOCK_LIMITS = { maxBlockBytes: MAX_HEADER_LIST_BYTES, maxContinuations: 32 };

/** A peer that asks for answers and reads none: what waits for it is bounded. */
const MAX_WAITING_BYTES = 16 * 1_048_576;

const PING_BYTES = 8;
const WORD_BYTES = 4;
const MAX_DEBUG_BYTES = 200;
const GOODBYE_MS = 1_000;

export interface ConnectionListener {
  /** The first time that calls can be sent, and whenever there is room for more. */
  onRoom(connection: LaneConnection): void;
  /** The peer did not begin this call, and says so: it can go elsewhere. */
  onRefused(call: LaneCall): void;
  /** No new calls can be sent; those that are open go on. */
  onRetired(connection: LaneConnection): void;
  /** It is gone; every call has been told. */
  onClosed(connection: LaneConnection, reason: string): void;
}

export interface ConnectionOptions {
  /** Of the unix socket. */
  path: string;
  /** What one call may have on its way, see CallLimits. */
  windowBytes: number;
}

/** One HTTP/2 connection (RFC 9113) as a gRPC client uses it. */
export class LaneConnection implements FrameListener, CallCarrier {
  private readonly socket: Socket;
  private readonly output: Output;
  private readonly peer = new PeerSettings();
  private readonly sender: RequestSender;
  private readonly blocks = new AnswerBlocks();
  private readonly reader = new FrameReader(this, BLOCK_LIMITS);
  private readonly window = new ReceiveWindow(CONNECTION_WINDOW_BYTES);
  private readonly calls = new Map<number, LaneCall>();
  private nextStreamId = 1;
  private connected = false;
  /** The first frame of a peer is SETTINGS (section 3.4). */
  private settled = false;
  private retired = false;
  private closed = false;
  private goodbye = 'The peer closed the connection.';

  constructor(
    private readonly options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    this.socket = connect({ path: options.path, onread: { buffer, callback: (bytes) => this.read(buffer, bytes) } });
    this.output = new Output(this.socket);
    this.sender = new RequestSender(this.output, this.peer);
    this.socket.on('connect', () => this.begin());
    this.socket.on('drain', () => this.sender.pump());
    this.socket.on('error', (error) => this.close(error.message));
    this.socket.on('close', () => this.close(this.goodbye));
  }

  get hasRoom(): boolean {
    return this.connected && !this.retired && this.calls.size < this.peer.maxConcurrentStreams;
  }

  /** Only while it {@link hasRoom}. */
  send(call: LaneCall): void {
    call.streamId = this.nextStreamId;
    call.carrier = this;
    this.nextStreamId += 2;
    this.calls.set(call.streamId, call);
    this.sender.begin(call);
    // Stream ids are used once (section 5.1.1).
    if (this.nextStreamId > MAX_31_BITS) {
      this.goodbye = 'The connection has no stream ids left.';
      this.retire();
    }
  }

  /** When bytes last came in; milliseconds of the clock of `performance.now()`. */
  lastHeardMs = performance.now();

  get openCalls(): number {
    return this.calls.size;
  }

  ping(): void {
    this.output.write(frame(FrameType.PING, 0, 0, Buffer.alloc(PING_BYTES)));
  }

  abandon(call: LaneCall): void {
    this.writeWord(FrameType.RST_STREAM, call.streamId, ErrorCode.CANCEL);
    this.forget(call);
  }

  credit(call: LaneCall, bytes: number): void {
    this.writeWord(FrameType.WINDOW_UPDATE, call.streamId, bytes);
  }

  /** Ends it from this side. */
  close(reason: string, code: number = ErrorCode.NO_ERROR): void {
    if (this.closed) return;
    this.closed = true;
    this.retired = true;
    if (this.connected) this.sayGoodbye(code);
    else this.socket.destroy();
    const { calls } = this;
    for (const call of [...calls.values()]) call.onStatus(new CallError(Status.UNAVAILABLE, reason));
    calls.clear();
    this.listener.onClosed(this, reason);
  }

  onData(streamId: number, bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void {
    this.window.receive(flowBytes);
    const credit = this.window.consume(flowBytes);
    if (credit > 0) this.writeWord(FrameType.WINDOW_UPDATE, 0, credit);
    const call = this.callOf(streamId);
    if (!call) return;
    call.onData(bytes, start, end, flowBytes);
    if (!endStream) return;
    this.forget(call);
    call.onStatus(new CallError(Status.INTERNAL, 'The peer ended the call without trailers.'));
  }

  onHeaders(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
    const call = this.callOf(streamId);
    if (!call) return this.blocks.passOver(bytes, start, end);
    if (endStream) {
      const error = this.blocks.readTrailers(bytes, start, end, !call.begun);
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

  onControl(type: number, flags: number, streamId: number, payload: Buffer): void {
    if (!this.settled && type !== FrameType.SETTINGS) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'The peer began with something other than SETTINGS.');
    switch (type) {
      case FrameType.SETTINGS:
        return this.onSettings(flags, streamId, payload);
      case FrameType.PING:
        return this.onPing(flags, streamId, payload);
      case FrameType.GOAWAY:
        return this.onGoaway(streamId, payload);
      case FrameType.WINDOW_UPDATE:
        return this.onWindowUpdate(streamId, payload);
      default:
        return this.onReset(streamId, payload);
    }
  }

  private begin(): void {
    this.connected = true;
    const settings = encodeSettings([
      [SettingId.HEADER_TABLE_SIZE, HEADER_TABLE_BYTES],
      [SettingId.ENABLE_PUSH, 0],
      [SettingId.INITIAL_WINDOW_SIZE, this.options.windowBytes],
      [SettingId.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST_BYTES],
    ]);
    this.output.write(CLIENT_PREFACE);
    this.output.write(frame(FrameType.SETTINGS, 0, 0, settings));
    this.writeWord(FrameType.WINDOW_UPDATE, 0, CONNECTION_WINDOW_BYTES - DEFAULT_WINDOW_BYTES);
    this.listener.onRoom(this);
  }

  /** @returns whether to read on. */
  private read(buffer: Buffer, bytes: number): boolean {
    if (this.closed) return false;
    this.lastHeardMs = performance.now();
    try {
      this.reader.read(buffer, bytes);
      if (this.output.waitingBytes > MAX_WAITING_BYTES) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'The peer does not read what it asked for.');
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.close(error.message, error.code);
    }
    return !this.closed;
  }

  private onSettings(flags: number, streamId: number, payload: Buffer): void {
    if (streamId !== 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'SETTINGS came on a stream.');
    if (flags & Flag.ACK) {
      if (payload.length > 0) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'The acknowledgement of SETTINGS is not empty.');
      if (!this.settled) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'The peer began with an acknowledgement.');
      return;
    }
    this.settled = true;
    const before = this.peer.initialWindowBytes;
    this.peer.apply(payload);
    this.output.write(frame(FrameType.SETTINGS, Flag.ACK, 0));
    if (this.peer.initialWindowBytes !== before) this.sender.resize(this.peer.initialWindowBytes - before);
    if (this.hasRoom) this.listener.onRoom(this);
  }

  private onPing(flags: number, streamId: number, payload: Buffer): void {
    if (streamId !== 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'PING came on a stream.');
    if (payload.length !== PING_BYTES) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `PING has ${payload.length} bytes instead of ${PING_BYTES}.`);
    if (!(flags & Flag.ACK)) this.output.write(frame(FrameType.PING, Flag.ACK, 0, payload));
  }

  private onGoaway(streamId: number, payload: Buffer): void {
    if (streamId !== 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'GOAWAY came on a stream.');
    if (payload.length < 8) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `GOAWAY has ${payload.length} bytes.`);
    const lastTaken = payload.readUInt32BE(0) & MAX_31_BITS;
    this.goodbye = `The peer said goodbye with ${errorCodeName(payload.readUInt32BE(4))}${payload.length > 8 ? `: ${payload.toString('latin1', 8, 8 + MAX_DEBUG_BYTES)}` : ''}.`;
    this.retire();
    for (const call of [...this.calls.values()]) {
      if (call.streamId <= lastTaken) continue;
      this.forget(call);
      this.listener.onRefused(call);
    }
    this.closeWhenIdle();
  }

  private onWindowUpdate(streamId: number, payload: Buffer): void {
    const bytes = readWord('WINDOW_UPDATE', payload) & MAX_31_BITS;
    if (bytes === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'WINDOW_UPDATE adds nothing.');
    if (streamId === 0) return this.sender.widen(bytes);
    const call = this.callOf(streamId);
    if (call) this.sender.widenStream(call, bytes);
  }

  private onReset(streamId: number, payload: Buffer): void {
    if (streamId === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'RST_STREAM came on stream 0.');
    const code = readWord('RST_STREAM', payload);
    const call = this.callOf(streamId);
    if (!call) return;
    this.forget(call);
    call.onStatus(errorOfReset(code));
  }

  /** Undefined for a stream that has ended. @throws ConnectionError for one that never began (section 5.1). */
  private callOf(streamId: number): LaneCall | undefined {
    if (!this.settled) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'The peer began with something other than SETTINGS.');
    if (streamId % 2 === 0 || streamId >= this.nextStreamId) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `The peer sent a frame on stream ${streamId}, which was never opened.`);
    return this.calls.get(streamId);
  }

  /** The answer is complete. A request that is not out by then has no use any more (RFC 9113, section 8.1). */
  private concluded(call: LaneCall): void {
    if (call.isUnsent) this.writeWord(FrameType.RST_STREAM, call.streamId, ErrorCode.NO_ERROR);
    this.forget(call);
  }

  private forget(call: LaneCall): void {
    const full = this.calls.size >= this.peer.maxConcurrentStreams;
    this.calls.delete(call.streamId);
    this.sender.forget(call);
    if (this.retired) this.closeWhenIdle();
    else if (full && this.hasRoom) this.listener.onRoom(this);
  }

  private retire(): void {
    if (this.retired) return;
    this.retired = true;
    this.listener.onRetired(this);
  }

  private closeWhenIdle(): void {
    if (this.calls.size === 0) this.close(this.goodbye);
  }

  private sayGoodbye(code: number): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(code, 4);
    this.output.write(frame(FrameType.GOAWAY, 0, 0, payload));
    this.output.end();
    this.socket.destroySoon();
    // A peer that reads nothing would keep it for ever.
    setTimeout(destroy, GOODBYE_MS, this.socket).unref();
  }

  private writeWord(type: number, streamId: number, word: number): void {
    const offset = this.output.reserve(FRAME_HEADER_BYTES + WORD_BYTES);
    writeFrameHeader(this.output.buffer, offset, WORD_BYTES, type, 0, streamId);
    this.output.buffer.writeUInt32BE(word, offset + FRAME_HEADER_BYTES);
  }
}

function destroy(socket: Socket): void {
  socket.destroy();
}

/** The payload of a frame that is one number. @throws ConnectionError */
function readWord(name: string, payload: Buffer): number {
  if (payload.length !== WORD_BYTES) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `${name} has ${payload.length} bytes instead of ${WORD_BYTES}.`);
  return payload.readUInt32BE(0);
}
