import { connect, type Socket } from 'node:net';

/** How a stream came to its end. */
export type StreamEnd =
  /** With the chunk that says that the answer is complete. */
  | 'complete'
  /** The connection ended, or broke, in the middle of the answer. */
  | 'broken'
  | `status ${string}`;

const NUMBER = /"n":(\d+)/g;
const LAST_CHUNK = '0\r\n\r\n';

/** Reads the numbered events of one stream of the echo on a socket of its own, which costs little of the machine. */
export class EventReader {
  received = 0;
  /** Events that did not have the number that follows the one before. */
  outOfOrder = 0;
  /** The longest time between two events. */
  longestGapMs = 0;
  readonly ended: Promise<StreamEnd>;
  private readonly socket: Socket;
  private text = '';
  private inBody = false;
  private lastAt = 0;
  private settle!: (end: StreamEnd) => void;

  constructor(url: URL, options: { localAddress?: string } = {}) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    this.socket = connect({ host: url.hostname, port: Number(url.port), ...options });
    this.socket.setEncoding('latin1');
    this.socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: text/event-stream\r\n\r\n`);
    this.socket.on('data', (chunk: string) => this.take(chunk));
    this.socket.on('error', () => this.end('broken'));
    this.socket.on('close', () => this.end('broken'));
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: string): void {
    this.text += chunk;
    if (!this.inBody && !this.begin()) return;
    const whole = this.text.lastIndexOf('\n\n') + 2;
    if (whole > 1) {
      for (const [, n] of this.text.slice(0, whole).matchAll(NUMBER)) this.count(Number(n));
      this.text = this.text.slice(whole);
    }
    if (this.text.endsWith(LAST_CHUNK)) this.end('complete');
  }

  private begin(): boolean {
    const head = this.text.indexOf('\r\n\r\n');
    if (head < 0) return false;
    const status = this.text.slice(9, 12);
    if (status !== '200') {
      this.end(`status ${status}`);
      return false;
    }
    this.text = this.text.slice(head + 4);
    return (this.inBody = true);
  }

  private count(n: number): void {
    if (n !== this.received) this.outOfOrder++;
    this.received++;
    const now = performance.now();
    if (this.lastAt > 0) this.longestGapMs = Math.max(this.longestGapMs, now - this.lastAt);
    this.lastAt = now;
  }

  private end(end: StreamEnd): void {
    this.settle(end);
    this.socket.destroy();
  }
}
