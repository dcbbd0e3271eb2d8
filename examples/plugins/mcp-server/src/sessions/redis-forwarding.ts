import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Caller } from '../caller';
import { ForwardedAnswer } from './forwarded-answer';
import { describeRequest, type ForwardedMessage, requestOf } from './forwarded-message';
import { answerError } from './json-rpc';
import type { ForwardedHandler } from './sharing';

const WATCH_MS = 2_000;

/** Requests and their streamed answers between processes, over one channel for each process. */
export class RedisForwarding {
  /** What this process waits for, and what it answers for others. */
  private readonly waiting = new Map<string, { owner: string; answer: ForwardedAnswer }>();
  private readonly running = new Map<string, AbortController>();
  private handler: ForwardedHandler = async () => answerError(503, -32_000, 'The server is starting');
  private watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
    private readonly prefix: string,
    private readonly self: string,
  ) {}

  async start(): Promise<void> {
    const channel = this.prefix + this.self;
    this.subscriber.on('message', (from: string, text: string) => {
      if (from === channel) this.receive(JSON.parse(text) as ForwardedMessage);
    });
    await this.subscriber.subscribe(channel);
    this.watch = setInterval(() => void this.endOrphans().catch(() => undefined), WATCH_MS).unref();
  }

  serve(handler: ForwardedHandler): void {
    this.handler = handler;
  }

  async forward(owner: string, request: Request, caller: Caller | undefined): Promise<Response | undefined> {
    const id = randomUUID();
    const message = await describeRequest(request, id, this.self, caller);
    const answer = new ForwardedAnswer(() => {
      this.waiting.delete(id);
      void this.send(owner, { kind: 'abort', id }).catch(() => undefined);
    });
    this.waiting.set(id, { owner, answer });
    request.signal.addEventListener('abort', () => answer.cancel(), { once: true });
    const heard = await this.send(owner, message).catch((error: unknown) => {
      this.waiting.delete(id);
      throw error;
    });
    if (heard > 0) return answer.response;
    this.waiting.delete(id);
    return undefined;
  }

  /** Without a connection to Redis there is nothing left to leave. */
  async leave(): Promise<void> {
    await this.subscriber.unsubscribe(this.prefix + this.self).catch(() => undefined);
  }

  close(): void {
    clearInterval(this.watch);
    for (const { answer } of this.waiting.values()) answer.lose();
    for (const running of this.running.values()) running.abort();
    this.waiting.clear();
  }

  private receive(message: ForwardedMessage): void {
    if (message.kind === 'request') void this.answer(message);
    else if (message.kind === 'abort') this.running.get(message.id)?.abort();
    else {
      const { id } = message;
      this.waiting.get(id)?.answer.receive(message);
      if (message.kind === 'end') this.waiting.delete(id);
    }
  }

  private async answer(message: Extract<ForwardedMessage, { kind: 'request' }>): Promise<void> {
    const { id, from, caller } = message;
    const aborted = new AbortController();
    this.running.set(id, aborted);
    try {
      const response = await this.handler(requestOf(message, aborted.signal), caller).catch(() => answerError(500, -32_603, 'Internal error'));
      await this.send(from, { kind: 'head', id, status: response.status, headers: [...response.headers] });
      const reader = response.body?.getReader();
      aborted.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined));
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
        // Nobody is left to read it when its process has ended.
        if ((await this.send(from, { kind: 'chunk', id, body: Buffer.from(next.value).toString('base64') })) === 0) aborted.abort();
      }
      await this.send(from, { kind: 'end', id });
    } catch {
      // Redis is away: the other side notices that by itself.
    } finally {
      this.running.delete(id);
    }
  }

  /** Answers of processes that ended in the middle are lost; their clients resume or ask again. */
  private async endOrphans(): Promise<void> {
    const owners = [...new Set([...this.waiting.values()].map(({ owner }) => owner))];
    for (const owner of owners) {
      const [, listeners] = (await this.redis.pubsub('NUMSUB', this.prefix + owner)) as [string, number];
      if (Number(listeners) > 0) continue;
      for (const [id, entry] of this.waiting) {
        if (entry.owner !== owner) continue;
        this.waiting.delete(id);
        entry.answer.lose();
      }
    }
  }

  /** How many processes heard it: one, or none. */
  private send(to: string, message: ForwardedMessage): Promise<number> {
    return this.redis.publish(this.prefix + to, JSON.stringify(message));
  }
}
