import { MAX_CHUNK_BYTES, MAX_INDEX_BLOB_BYTES, MAX_REVOCATION_BYTES, MAX_SNAPSHOT_BYTES } from '@sluice/config-snapshot';
import { Redis, ReplyError, type RedisOptions } from 'ioredis';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { ByteGuard } from './byte-guard';
import { snapshotKeys, type SnapshotKeys } from './snapshot-keys';
import type { SnapshotIdentity } from './snapshot-tag';
import { withTimeout } from './with-timeout';

const COMMAND_TIMEOUT_MS = 5_000;

/** No reply is longer, so that Redis never has more waiting for a slow gateway than it keeps for one. */
const PIECE_BYTES = 1_048_576;

/** Larger changes are taken from a checkpoint, in chunks. */
const MAX_DELTA_BYTES = 16 * PIECE_BYTES;

const POINTER_BYTES = 4_096;

/** What the client itself asks for when it connects, and the frames around replies. */
const SLACK_BYTES = 65_536;

/** What Redis says is the newest. */
export interface RedisPointer extends SnapshotIdentity {
  /** The revision of the newest checkpoint; undefined for a studio that writes format 1, or one that has not written any. */
  checkpoint: number | undefined;
}

export interface RedisSourceOptions {
  url: string;
  namespace: string;
  logger: LinkLogger;
  onMessage(message: Buffer): void;
  /** Announcements arrive from here on; some may have been missed. */
  onListening(): void;
  /** No more announcements arrive. */
  onDeaf(): void;
  /** More came than was asked for. */
  onExcess(): void;
}

/** A namespace's snapshots as they lie in Redis, for as long as there is a Redis. Connects again by itself, forever. */
export class RedisSource {
  private readonly keys: SnapshotKeys;
  private readonly outage: OutageLog;
  private readonly reader: Redis;
  private readonly subscriber: Redis;
  private readonly guard: ByteGuard;
  private subscribed = false;
  private deafUntilMs = 0;
  private hearing: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: RedisSourceOptions) {
    this.keys = snapshotKeys(options.namespace);
    this.outage = new OutageLog(options.logger, 'redis');
    this.reader = new Redis(options.url, CONNECTION);
    this.subscriber = new Redis(options.url, CONNECTION);
    // Without a listener, ioredis writes every attempt to standard error.
    this.reader.on('error', (error) => this.failed(error));
    this.subscriber.on('error', (error) => this.failed(error));
    for (const connection of [this.reader, this.subscriber]) connection.on('ready', () => void this.subscribe());
    this.subscriber.on('close', () => this.lost());
    this.guard = new ByteGuard(this.reader, SLACK_BYTES, options.onExcess);
    const messages = new ByteGuard(this.subscriber, MAX_REVOCATION_BYTES + SLACK_BYTES, options.onExcess);
    this.subscriber.on('messageBuffer', (_channel, message) => {
      messages.reset();
      options.onMessage(message);
    });
  }

  /** True while announcements arrive. */
  get listening(): boolean {
    return this.subscribed;
  }

  start(): void {
    for (const connection of [this.subscriber, this.reader]) connection.connect().catch((error: unknown) => this.failed(error));
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.hearing);
    this.subscriber.disconnect();
    this.reader.disconnect();
  }

  /** Hears nothing for a while: what is announced costs more than it is worth. */
  stopListening(forMs: number): void {
    const until = performance.now() + forMs;
    if (this.closed || until <= this.deafUntilMs) return;
    this.deafUntilMs = until;
    this.subscribed = false;
    // What was on its way may still come, and none of it ends the connection once more.
    if (this.hearing === undefined) this.subscriber.disconnect();
    clearTimeout(this.hearing);
    this.hearing = setTimeout(() => this.listenAgain(), forMs);
  }

  private listenAgain(): void {
    this.hearing = undefined;
    this.subscriber.connect().catch((error: unknown) => this.failed(error));
  }

  /** Which snapshot is the newest, as far as Redis says; undefined when it does not say. Throws when it is out of reach. */
  async pointer(): Promise<RedisPointer | undefined> {
    const fields = await this.ask(POINTER_BYTES, () => this.reader.hmget(this.keys.pointer, 'epoch', 'revision', 'root', 'checkpoint'));
    this.outage.worked();
    const [epoch, revision, root, checkpoint] = fields ?? [];
    if (!epoch || !root || !isRevision(revision)) return undefined;
    return { epoch, revision: Number(revision), root, checkpoint: isRevision(checkpoint) ? Number(checkpoint) : undefined };
  }

  /** The delta that follows a revision; undefined when there is none, or one that is too large. */
  delta(epoch: string, parent: number | null): Promise<Buffer | undefined> {
    return this.read(this.keys.delta(epoch, parent), MAX_DELTA_BYTES);
  }

  index(epoch: string, revision: number): Promise<Buffer | undefined> {
    return this.read(this.keys.index(epoch, revision), MAX_INDEX_BLOB_BYTES);
  }

  chunk(nodeValue: string): Promise<Buffer | undefined> {
    return this.read(this.keys.chunk(nodeValue), MAX_CHUNK_BYTES);
  }

  /** A whole snapshot in format 1. */
  body({ epoch, revision }: SnapshotIdentity): Promise<Buffer | undefined> {
    return this.read(this.keys.body(epoch, revision), MAX_SNAPSHOT_BYTES);
  }

  /** In pieces, one after the other. Undefined when nothing is there, or more than `maxBytes`. */
  private async read(key: string, maxBytes: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    for (let length = 0; ; ) {
      const piece = await this.ask(PIECE_BYTES, () => this.reader.getrangeBuffer(key, length, length + PIECE_BYTES - 1));
      if (!piece) return undefined;
      pieces.push(piece);
      length += piece.length;
      if (length > maxBytes) return undefined;
      if (piece.length < PIECE_BYTES) return length === 0 ? undefined : pieces.length === 1 ? piece : Buffer.concat(pieces);
    }
  }

  private async subscribe(): Promise<void> {
    // Whoever hears the news wants to read at once.
    if (this.reader.status !== 'ready' || this.subscriber.status !== 'ready') return;
    try {
      await this.subscriber.subscribe(this.keys.channel);
      this.subscribed = true;
      this.options.onListening();
    } catch (error) {
      this.failed(error);
      if (this.subscriber.status === 'ready') this.subscriber.disconnect(true);
    }
  }

  private lost(): void {
    const wasSubscribed = this.subscribed;
    this.subscribed = false;
    if (wasSubscribed && !this.closed) this.options.onDeaf();
  }

  // Closing makes errors of its own, and they are no outage.
  private failed(error: unknown): void {
    if (!this.closed && performance.now() >= this.deafUntilMs) this.outage.failed(error);
  }

  /** Undefined when Redis refuses the command, as it does for a key of another type. */
  private async ask<T>(bytes: number, command: () => Promise<T>): Promise<T | undefined> {
    const done = this.guard.ask(bytes);
    let arrived = 0;
    try {
      const answer = await withTimeout(command(), COMMAND_TIMEOUT_MS, 'Redis does not answer.');
      if (Buffer.isBuffer(answer)) arrived = answer.length;
      return answer;
    } catch (error) {
      if (error instanceof ReplyError) return undefined;
      this.failed(error);
      // A connection that swallows commands swallows announcements as well.
      if (error instanceof Error && error.name === 'TimeoutError') for (const connection of [this.reader, this.subscriber]) connection.disconnect(true);
      throw error;
    } finally {
      done(arrived);
    }
  }
}

function isRevision(text: string | null | undefined): text is string {
  return typeof text === 'string' && /^\d{1,15}$/.test(text);
}

const CONNECTION: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // Whoever asks has another source and a next time: fail at once, never queue.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // The subscription is renewed here, so that a fetch follows it.
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), 2_000),
};
