import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { frameMessage } from '../grpc/frame-message';
import { encodeHeaders } from '../hpack/hpack-encoder';
import { CLIENT_PREFACE, Flag, FRAME_HEADER_BYTES, frame, FrameType } from '../http2/frame';
import { encodeSettings } from '../http2/settings';

export interface ReceivedFrame {
  type: number;
  flags: number;
  streamId: number;
  payload: Buffer;
}

const START = encodeHeaders([
  { name: ':status', value: '200' },
  { name: 'content-type', value: 'application/grpc' },
]);
const statusBlock = (status: number) => encodeHeaders([{ name: 'grpc-status', value: String(status) }]);

/** One connection of a server that says what a test tells it to, and keeps what it hears. */
export class PeerConnection {
  readonly frames: ReceivedFrame[] = [];
  private bytes = Buffer.alloc(0);
  private prefaceRead = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (part: Buffer) => this.read(part)).on('error', () => undefined);
  }

  send(...parts: Uint8Array[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  settings(...settings: (readonly [id: number, value: number])[]): void {
    this.send(frame(FrameType.SETTINGS, 0, 0, encodeSettings(settings)));
  }

  goaway(lastStreamId: number, code = 0): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(lastStreamId);
    payload.writeUInt32BE(code, 4);
    this.send(frame(FrameType.GOAWAY, 0, 0, payload));
  }

  reset(streamId: number, code: number): void {
    this.send(frame(FrameType.RST_STREAM, 0, streamId, Buffer.from([0, 0, 0, code])));
  }

  credit(streamId: number, bytes: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(bytes);
    this.send(frame(FrameType.WINDOW_UPDATE, 0, streamId, payload));
  }

  begin(streamId: number): void {
    this.send(frame(FrameType.HEADERS, Flag.END_HEADERS, streamId, START));
  }

  message(streamId: number, text: string): void {
    this.send(frame(FrameType.DATA, 0, streamId, frameMessage(Buffer.from(text))));
  }

  end(streamId: number, status = 0): void {
    this.send(frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, streamId, statusBlock(status)));
  }

  answer(streamId: number, text: string): void {
    this.begin(streamId);
    this.message(streamId, text);
    this.end(streamId);
  }

  /** Settled as soon as the condition holds of what was heard. */
  async until(condition: (frames: readonly ReceivedFrame[]) => boolean): Promise<void> {
    while (!condition(this.frames)) await once(this.socket, 'data');
  }

  /** Settled when so many requests have begun. */
  requests(count: number): Promise<void> {
    return this.until((frames) => frames.filter(({ type }) => type === FrameType.HEADERS).length >= count);
  }

  /** Bytes of DATA on a stream so far. */
  dataBytes(streamId: number): number {
    return this.frames.filter((heard) => heard.type === FrameType.DATA && heard.streamId === streamId).reduce((sum, { payload }) => sum + payload.length, 0);
  }

  private read(part: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, part]);
    if (!this.prefaceRead) {
      if (this.bytes.length < CLIENT_PREFACE.length) return;
      this.prefaceRead = true;
      this.bytes = this.bytes.subarray(CLIENT_PREFACE.length);
    }
    while (this.bytes.length >= FRAME_HEADER_BYTES) {
      const end = FRAME_HEADER_BYTES + this.bytes.readUIntBE(0, 3);
      if (this.bytes.length < end) return;
      this.frames.push({ type: this.bytes[3]!, flags: this.bytes[4]!, streamId: this.bytes.readUInt32BE(5), payload: Buffer.from(this.bytes.subarray(FRAME_HEADER_BYTES, end)) });
      this.bytes = this.bytes.subarray(end);
    }
  }
}

/** A server on a unix socket whose connections are scripted. */
export class ScriptedPeer {
  private readonly connections: PeerConnection[] = [];
  private readonly server: Server;

  constructor(path: string) {
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      this.connections.push(new PeerConnection(socket));
      this.server.emit('accepted');
    }).listen(path);
  }

  async connection(index = 0): Promise<PeerConnection> {
    while (this.connections.length <= index) await once(this.server, 'accepted');
    return this.connections[index]!;
  }

  get accepted(): number {
    return this.connections.length;
  }

  close(): void {
    this.server.close();
    for (const { socket } of this.connections) socket.destroy();
  }
}
