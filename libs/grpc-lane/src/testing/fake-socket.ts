import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** The members of a socket that connections use, without a system behind it. Keeps what is written only when it is asked to. */
export class FakeSocket extends EventEmitter {
  /** What a peer that does not read leaves here. */
  writableLength = 0;
  destroyed = false;
  writtenBytes = 0;
  readonly written: Buffer[] = [];

  constructor(private readonly keeps = false) {
    super();
  }

  asSocket(): Socket {
    return this as unknown as Socket;
  }

  write(bytes: Buffer): boolean {
    this.writtenBytes += bytes.length;
    if (this.keeps) this.written.push(bytes);
    return true;
  }

  cork(): void {}

  uncork(): void {}

  end(): void {}

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }

  destroySoon(): void {
    this.destroy();
  }
}
