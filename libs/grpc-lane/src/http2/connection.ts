import type { Socket } from 'node:net';
import { Calm, Cost } from './calm';
import { DataSender, type DataSenderListener } from './data-sender';
import { ConnectionError, ErrorCode, errorCodeName, StreamError } from './error-code';
import { DEFAULT_WINDOW_BYTES, Flag, frame, FRAME_HEADER_BYTES, FrameType, MAX_31_BITS, writeFrameHeader } from './frame';
import { type FrameListener, FrameReader } from './frame-reader';
import type { Outgoing } from './outgoing';
import { Output } from './output';
import { ReceiveWindow } from './receive-window';
import { encodeSettings, PeerSettings } from './settings';
import { StreamTable } from './stream-table';
import { withoutTable } from './without-table';

/** SETTINGS_MAX_HEADER_LIST_SIZE of this side, and the most that a header block may have while it is encoded. */
export const MAX_HEADER_LIST_BYTES = 65_536;
const BLOCK_LIMITS = { maxBlockBytes: MAX_HEADER_LIST_BYTES, maxContinuations: 32 };

/** How much may be on its way to this side at once, all streams together. Each stream has a window of its own. */
const CONNECTION_WINDOW_BYTES = 16 * 1_048_576;

/** A peer that asks for answers and reads none: what waits for it is bounded. */
const MAX_WAITING_BYTES = 16 * 1_048_576;

const PING_BYTES = 8;
const WORD_BYTES = 4;
const GOAWAY_BYTES = 8;
const MAX_DEBUG_BYTES = 200;
const GOODBYE_MS = 1_000;

/** A stream as the connection knows it. */
export interface ConnectionStream {
  streamId: number;
  /** While it has something to send. */
  outgoing: Outgoing | undefined;
  /** Part of a DATA frame, counted against the connection's window already. */
  onData(bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void;
  onReset(code: number): void;
  /** WINDOW_UPDATE: the peer takes so much more of this stream. @throws StreamError when that is more than a window may be. */
  onCredit(bytes: number, sender: DataSender): void;
  /** The peer broke a rule, and has been told that the stream is over. */
  onFault(reason: string): void;
}

/** One end of an HTTP/2 connection (RFC 9113): what a client's end and a server's have in common. */
export abstract class Connection<Stream extends ConnectionStream> implements FrameListener, DataSenderListener {
  protected readonly output: Output;
  protected readonly peer = new PeerSettings();
  protected readonly sender: DataSender;
  protected readonly streams = new StreamTable<Stream>();
  protected reader: FrameReader;
  protected retired = false;
  protected closed = false;
  /** Why it ended, should it end now. */
  protected goodbye = 'The peer closed the connection.';
  /** When bytes last came in; milliseconds of the clock of `performance.now()`. */
  lastHeardMs = performance.now();
  private readonly window = new ReceiveWindow(CONNECTION_WINDOW_BYTES);
  private readonly calm = new Calm();
  /** The first frame of a peer is SETTINGS (section 3.4). */
  private settled = false;
  /** No header block has been sent. */
  protected headless = true;
  private greeted = false;

  constructor(protected readonly socket: Socket) {
    this.reader = new FrameReader(this, BLOCK_LIMITS);
    this.output = new Output(socket);
    this.sender = new DataSender(this.output, this.peer, this);
    socket.on('drain', () => this.guard(() => this.sender.pump()));
    socket.on('error', (error) => this.close(error.message));
    // Who says nothing more cannot end a call properly, even if it would read on.
    socket.on('end', () => this.close(this.goodbye));
    socket.on('close', () => this.close(this.goodbye));
  }

  get openStreams(): number {
    return this.streams.size;
  }

  ping(): void {
    this.output.write(frame(FrameType.PING, 0, 0, Buffer.alloc(PING_BYTES)));
  }

  credit(streamId: number, bytes: number): void {
    this.writeWord(FrameType.WINDOW_UPDATE, streamId, bytes);
  }

  reset(streamId: number, code: number): void {
    this.writeWord(FrameType.RST_STREAM, streamId, code);
  }

  /** Ends it from this side; tells whoever had a stream. */
  close(reason: string, code: number = ErrorCode.NO_ERROR): void {
    if (this.closed) return;
    this.closed = true;
    this.retired = true;
    if (this.greeted && !this.socket.destroyed) this.sayGoodbye(code);
    else this.socket.destroy();
    const streams = this.streams.list();
    this.streams.clear();
    this.onClosed(reason, streams);
  }

  onData(streamId: number, bytes: Buffer, start: number, end: number, flowBytes: number, endStream: boolean): void {
    if (flowBytes === 0 && !endStream) this.calm.spend(Cost.EMPTY_DATA, this.lastHeardMs);
    this.window.receive(flowBytes);
    const credit = this.window.consume(flowBytes);
    if (credit > 0) this.credit(0, credit);
    const stream = this.streamOf(streamId);
    if (!stream) return;
    try {
      stream.onData(bytes, start, end, flowBytes, endStream);
    } catch (error) {
      this.endFaulty(stream, error);
    }
  }

  abstract onHeaders(streamId: number, bytes: Buffer, start: number, end: number, endStream: boolean): void;

  onControl(type: number, flags: number, streamId: number, payload: Buffer): void {
    if (type !== FrameType.SETTINGS) this.checkSettled();
    switch (type) {
      case FrameType.SETTINGS:
        return this.onSettings(flags, payload);
      case FrameType.PING:
        return this.onPing(flags, payload);
      case FrameType.GOAWAY:
        return this.onGoawayFrame(payload);
      case FrameType.WINDOW_UPDATE:
        return this.onWindowUpdate(streamId, payload);
      default:
        return this.onResetFrame(streamId, payload);
    }
  }

  onSent(stream: Outgoing): void {
    const sent = this.streams.get(stream.streamId);
    if (sent) sent.outgoing = undefined;
  }

  onRoom(_stream: Outgoing): void {}

  /** What the GOAWAY of this side says: none of the peer's streams after it was begun. */
  protected abstract readonly lastPeerStreamId: number;
  /** @throws ConnectionError for a stream that nobody can have begun (section 5.1). Undefined for one that has ended. */
  protected abstract streamOf(streamId: number): Stream | undefined;
  /** The peer takes no new streams, and did not take those after the last. */
  protected abstract onGoaway(lastStreamId: number): void;
  protected abstract onPeerSettings(): void;
  protected abstract onClosed(reason: string, streams: Stream[]): void;

  /** The first thing that this end says. */
  protected greet(preface: Buffer | undefined, settings: readonly (readonly [id: number, value: number])[]): void {
    this.greeted = true;
    if (preface) this.output.write(preface);
    this.output.write(frame(FrameType.SETTINGS, 0, 0, encodeSettings(settings)));
    this.credit(0, CONNECTION_WINDOW_BYTES - DEFAULT_WINDOW_BYTES);
  }

  /** @returns whether to read on. */
  protected read(buffer: Buffer, bytes: number): boolean {
    if (this.closed) return false;
    this.lastHeardMs = performance.now();
    this.guard(() => this.readFrames(buffer, bytes));
    return !this.closed;
  }

  protected readFrames(buffer: Buffer, bytes: number): void {
    this.reader.read(buffer, bytes);
    if (this.output.waitingBytes > MAX_WAITING_BYTES) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'The peer does not read what it asked for.');
  }

  /** What has to be sent for this HEADERS frame. */
  protected headers(made: Buffer): Buffer {
    if (!this.headless) return made;
    this.headless = false;
    return withoutTable(made);
  }

  protected checkSettled(): void {
    if (!this.settled) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'The peer began with something other than SETTINGS.');
  }

  protected forget(stream: Stream): void {
    this.streams.delete(stream.streamId);
    if (stream.outgoing) this.sender.forget(stream.outgoing);
    stream.outgoing = undefined;
  }

  /** A frame that the peer may not send on this stream. @throws what is no StreamError */
  protected endFaulty(stream: Stream, error: unknown): void {
    if (!(error instanceof StreamError)) throw error;
    this.reset(stream.streamId, error.code);
    this.forget(stream);
    stream.onFault(error.message);
  }

  /** What a peer did wrong ends its connection, and nothing else. */
  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (error instanceof ConnectionError) return this.close(error.message, error.code);
      // A listener's own error is its owner's, and the frames behind this one have not been read.
      this.close('This side failed while it read.', ErrorCode.INTERNAL_ERROR);
      throw error;
    }
  }

  private onSettings(flags: number, payload: Buffer): void {
    if (flags & Flag.ACK) return this.checkSettled();
    this.calm.spend(Cost.SETTINGS, this.lastHeardMs);
    this.settled = true;
    const before = this.peer.initialWindowBytes;
    this.peer.apply(payload);
    this.output.write(frame(FrameType.SETTINGS, Flag.ACK, 0));
    this.resizeWindows(this.peer.initialWindowBytes - before);
    this.onPeerSettings();
  }

  /** The window that streams begin with changes that of every open stream (section 6.9.2). */
  private resizeWindows(difference: number): void {
    if (difference === 0) return;
    for (const { outgoing } of this.streams.list()) if (outgoing) this.sender.resizeStream(outgoing, difference);
  }

  private onPing(flags: number, payload: Buffer): void {
    if (flags & Flag.ACK) return;
    this.calm.spend(Cost.PING, this.lastHeardMs);
    this.output.write(frame(FrameType.PING, Flag.ACK, 0, payload));
  }

  private onGoawayFrame(payload: Buffer): void {
    const debug = payload.toString('latin1', GOAWAY_BYTES, GOAWAY_BYTES + MAX_DEBUG_BYTES);
    this.goodbye = `The peer said goodbye with ${errorCodeName(payload.readUInt32BE(4))}${debug && `: ${debug}`}.`;
    this.onGoaway(payload.readUInt32BE(0) & MAX_31_BITS);
  }

  private onWindowUpdate(streamId: number, payload: Buffer): void {
    const bytes = payload.readUInt32BE(0) & MAX_31_BITS;
    if (streamId === 0) {
      if (bytes === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'WINDOW_UPDATE adds nothing.');
      return this.sender.widen(bytes);
    }
    const stream = this.streamOf(streamId);
    if (!stream) return;
    try {
      if (bytes === 0) throw new StreamError(ErrorCode.PROTOCOL_ERROR, 'WINDOW_UPDATE adds nothing.');
      stream.onCredit(bytes, this.sender);
    } catch (error) {
      this.endFaulty(stream, error);
    }
  }

  private onResetFrame(streamId: number, payload: Buffer): void {
    const stream = this.streamOf(streamId);
    if (!stream) return;
    this.calm.spend(Cost.RESET, this.lastHeardMs);
    this.forget(stream);
    stream.onReset(payload.readUInt32BE(0));
  }

  private sayGoodbye(code: number): void {
    const payload = Buffer.alloc(GOAWAY_BYTES);
    payload.writeUInt32BE(this.lastPeerStreamId, 0);
    payload.writeUInt32BE(code, 4);
    this.output.write(frame(FrameType.GOAWAY, 0, 0, payload));
    this.output.end();
    // A peer that reads nothing would keep it for ever.
    const timer = setTimeout(destroy, GOODBYE_MS, this.socket).unref();
    this.socket.once('close', () => clearTimeout(timer));
    this.socket.destroySoon();
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
