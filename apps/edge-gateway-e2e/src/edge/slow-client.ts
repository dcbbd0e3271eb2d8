import { connect, type Socket } from 'node:net';

/** What a slow client is slow at. */
export type SlowKind = 'head' | 'body' | 'reader';

const TRICKLE_MS = 500;
const ENDED_BY_US = -1;

/** A client that holds a connection for as long as it is let: it sends a byte now and then, or reads nothing of what it has asked for. */
export class SlowClient {
  /** How long after its first byte the gateway ended the connection; -1 where it did not. */
  readonly closedAfterMs: Promise<number>;
  /** What the gateway said, if anything. */
  text = '';
  private readonly socket: Socket;

  constructor(
    readonly kind: SlowKind,
    gateway: URL,
    /** Paths of an endpoint that takes a body, and of one whose answer has no end. */
    paths: { body: string; endless: string },
  ) {
    const beganAt = performance.now();
    this.socket = connect({ host: gateway.hostname, port: Number(gateway.port) });
    this.socket.write(
      {
        head: 'GET / HTTP/1.1\r\nHost: gw\r\nX-Slow: ',
        body: `POST ${paths.body} HTTP/1.1\r\nHost: gw\r\nContent-Length: 100000\r\n\r\n`,
        reader: `GET ${paths.endless} HTTP/1.1\r\nHost: gw\r\n\r\n`,
      }[kind],
    );
    if (kind === 'reader') this.socket.pause();
    else this.socket.setEncoding('latin1').on('data', (chunk: string) => (this.text += chunk));
    // Who does not read learns of the end only by writing. Empty lines before a request have no meaning.
    const trickle = setInterval(() => this.socket.write(kind === 'reader' ? '\r\n' : 'x'), TRICKLE_MS);
    this.closedAfterMs = new Promise((resolve) => {
      const settle = (ms: number) => {
        clearInterval(trickle);
        this.socket.destroy();
        resolve(ms);
      };
      this.socket.on('end', () => settle(performance.now() - beganAt)).on('error', () => settle(performance.now() - beganAt));
      this.socket.on('close', () => settle(ENDED_BY_US));
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
