import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Pace, type LeastPace } from './pace';
import { plainAddress } from './plain-address';
import type { TrustedProxies } from './trusted-proxies';

const CONNECTION = Symbol('clientConnection');
const CLOSE_LISTENER = Symbol('closeListener');
type KnownSocket = Socket & { [CONNECTION]?: ClientConnection };
type WatchedResponse = ServerResponse & { [CLOSE_LISTENER]?: CloseListener };
type WrittenSocket = Socket & { readonly _bytesDispatched?: number; readonly _handle?: { readonly writeQueueSize?: number } | null };

/** What is too slow about a client. */
export type Slowness = 'body' | 'answer';

/** Whoever answers a request. */
export interface CloseListener {
  /** The answer is out, or nothing of it can be sent any more. */
  closed(): void;
}

/** The connection of a client, and what goes on in it. */
export class ClientConnection {
  readonly address: string;
  readonly isTrustedProxy: boolean;
  /** Requests that have no complete answer. */
  pending = 0;
  /** That of the newest request. */
  answer: ServerResponse | undefined;
  /** The newest answer is the last one, and nothing that stands behind its request is read as a request. */
  isLeaving = false;
  private readonly bodyPace = new Pace();
  private readonly answerPace = new Pace();
  private idleSinceMs = -1;
  private idleWith = 0;

  constructor(
    readonly socket: Socket,
    proxies: TrustedProxies,
  ) {
    this.address = plainAddress(socket.remoteAddress);
    this.isTrustedProxy = proxies.includes(this.address);
    (socket as KnownSocket)[CONNECTION] = this;
  }

  static of(socket: Socket): ClientConnection | undefined {
    return (socket as KnownSocket)[CONNECTION];
  }

  begin(res: ServerResponse): void {
    this.pending++;
    this.answer = res;
    res.on('close', onClose);
  }

  end(res: ServerResponse): void {
    this.pending--;
    if (this.answer === res) this.answer = undefined;
  }

  /** To be asked again and again. */
  slowness(nowMs: number, least: LeastPace): Slowness | undefined {
    const { socket, answer } = this;
    if (answer && !answer.req.complete && !answer.writableEnded) {
      if (this.bodyPace.isTooSlow(nowMs, socket.bytesRead, least)) return 'body';
    } else this.bodyPace.rest();
    if (socket.writableLength > 0) {
      if (this.answerPace.isTooSlow(nowMs, takenFrom(socket), least)) return 'answer';
    } else this.answerPace.rest();
    return undefined;
  }

  /** For how long nothing has been asked or answered. To be asked again and again. */
  idleMs(nowMs: number): number {
    const moved = this.socket.bytesRead + this.socket.bytesWritten;
    if (this.pending > 0 || this.idleSinceMs < 0 || moved !== this.idleWith) {
      this.idleSinceMs = nowMs;
      this.idleWith = moved;
    }
    return this.pending > 0 ? 0 : nowMs - this.idleSinceMs;
  }
}

/** Has the connection end with this answer. */
export function leaveAfter(res: ServerResponse): void {
  res.shouldKeepAlive = false;
  const connection = ClientConnection.of(res.req.socket);
  if (connection) connection.isLeaving = true;
}

/** Tells one listener when the answer has closed. It shares the connection's own listener on the event, since each one more costs every request. */
export function whenClosed(res: ServerResponse, listener: CloseListener): void {
  (res as WatchedResponse)[CLOSE_LISTENER] = listener;
}

function onClose(this: WatchedResponse): void {
  ClientConnection.of(this.req.socket)?.end(this);
  this[CLOSE_LISTENER]?.closed();
}

/** Bytes that the system has taken over, of a write in progress too. */
function takenFrom(socket: WrittenSocket): number {
  return (socket._bytesDispatched ?? 0) - (socket._handle?.writeQueueSize ?? 0);
}
