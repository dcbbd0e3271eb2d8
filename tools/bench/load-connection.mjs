import { connect } from 'node:net';
import { answerLength } from './answer-length.mjs';

/** One keep-alive connection with one request under way at most. Raw, and reading into one buffer, so that it costs little of the machine. */
export class LoadConnection {
  #socket;
  #request;
  #pending = '';
  /** Answers to the same request have the same length, nearly always. */
  #usual = 0;
  #startedAt = 0;
  #onAnswer;

  /** `onAnswer(connection, milliseconds)` is called for each answer; `onFault(error)` for whatever else comes. */
  constructor({ port, request, onAnswer, onFault }) {
    this.#request = request;
    this.#onAnswer = onAnswer;
    const callback = (bytes, buffer) => {
      try {
        this.#read(buffer.latin1Slice(0, bytes));
      } catch (error) {
        onFault(error);
      }
      return true;
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: Buffer.alloc(65_536), callback } });
    this.#socket.on('error', onFault);
    this.#socket.on('close', () => onFault(new Error('The server closed a connection')));
  }

  opened() {
    return new Promise((resolve) => this.#socket.once('connect', resolve));
  }

  /** @param startedAt when its time began, which is before now where it had to wait for a connection. */
  send(startedAt) {
    this.#startedAt = startedAt;
    this.#socket.write(this.#request);
  }

  close() {
    this.#socket.removeAllListeners('close').destroy();
  }

  #read(text) {
    const all = this.#pending === '' ? text : this.#pending + text;
    const length = all.length === this.#usual && all.startsWith('HTTP/1.1 200 ') ? all.length : answerLength(all);
    if (length === 0) {
      this.#pending = all;
      return;
    }
    if (length !== all.length) throw new Error('More than one answer to a request');
    this.#usual = length;
    this.#pending = '';
    this.#onAnswer(this, performance.now() - this.#startedAt);
  }
}
