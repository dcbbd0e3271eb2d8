/** One end of the channel between the primary and a worker: whole messages, in their order. */
export interface Port {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** What a peer does with what the other one says. */
export interface PeerHandler<Notice, Question> {
  notice(notice: Notice): void;
  /** A rejection reaches the other side as an error with the same message. */
  answer(question: Question): Promise<unknown>;
}

type Message = { what: 'notice'; body: unknown } | { what: 'question'; id: number; body: unknown } | { what: 'answer'; id: number; body: unknown } | { what: 'failure'; id: number; message: string };

/** A limit that is passed by so much was not passed by the other side: this process stood still, and the answer may be there unread. */
const STOOD_STILL_MS = 2_000;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Notices both ways, and questions that are answered or not in time. `Out` is what this side says, `Asked` what it asks. */
export class Peer<Out, Asked, In, Question> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;

  constructor(
    private readonly port: Port,
    private readonly handler: PeerHandler<In, Question>,
  ) {
    port.onMessage((message) => this.take(message as Message));
  }

  tell(notice: Out): void {
    this.send({ what: 'notice', body: notice });
  }

  /** Rejects when there is no answer within `limitMs`, or when the other side could give none. */
  ask<Answer>(question: Asked, limitMs: number): Promise<Answer> {
    if (this.closed) return Promise.reject(new Error('The other process has ended.'));
    const id = ++this.lastId;
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, timer: this.limit(id, limitMs) });
      this.send({ what: 'question', id, body: question });
    });
  }

  /** The other process is gone: nothing that was asked will be answered. */
  close(): void {
    this.closed = true;
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(new Error('The other process has ended.'));
  }

  private take(message: Message): void {
    switch (message.what) {
      case 'notice':
        return this.handler.notice(message.body as In);
      case 'question':
        return void this.reply(message.id, message.body as Question);
      case 'answer':
        return this.settle(message.id)?.resolve(message.body);
      case 'failure':
        return this.settle(message.id)?.reject(new Error(message.message));
    }
  }

  private async reply(id: number, question: Question): Promise<void> {
    try {
      this.send({ what: 'answer', id, body: await this.handler.answer(question) });
    } catch (error) {
      this.send({ what: 'failure', id, message: (error as Error).message });
    }
  }

  private limit(id: number, limitMs: number): NodeJS.Timeout {
    const startedMs = performance.now();
    return setTimeout(() => {
      const waiting = this.waiting.get(id);
      if (waiting && performance.now() - startedMs > limitMs + STOOD_STILL_MS) waiting.timer = this.limit(id, limitMs);
      else this.settle(id)?.reject(new Error(`The other process did not answer within ${limitMs} ms.`));
    }, limitMs);
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (!waiting) return undefined;
    this.waiting.delete(id);
    clearTimeout(waiting.timer);
    return waiting;
  }

  private send(message: Message): void {
    if (!this.closed) this.port.send(message);
  }
}
