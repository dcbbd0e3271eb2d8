import { status } from '@grpc/grpc-js';
import type { Signed } from '@sluice/contracts/edge';
import { backoffMs } from '../backoff';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { EdgeCalls } from './edge-calls';
import type { EdgeClient } from './edge-client';
import { Pause } from './pause';
import type { SignedMessage } from './signing';

/** One message for the studio. */
export interface Outgoing {
  message: SignedMessage;
  payload: Buffer;
  send(calls: Pick<EdgeCalls, 'deliverPayloads' | 'reportRefusedCalls'>, signed: Signed): Promise<unknown>;
  /** Called once the studio has it. What is not forgotten here is sent again. */
  sent(): Promise<void> | void;
}

export interface EdgeSenderOptions {
  /** The studio's gRPC address, as EdgeClient has it. */
  url: string;
  /** Signs, and knows whether the studio knows this gateway. */
  client: Pick<EdgeClient, 'sign' | 'refused'>;
  /** What is sent, for the log: `payloads`. */
  what: string;
  logger: LinkLogger;
  /** What is to be sent next; undefined when there is nothing. */
  next(): Promise<Outgoing | undefined>;
}

const RETRY = { firstMs: 200, mostMs: 5_000 };
/** A studio of an older version is asked now and then whether it is a newer one. */
const UNIMPLEMENTED_PAUSE_MS = 30_000;
const IDLE_MS = 30_000;
const REGISTRATION_PAUSE_MS = 250;

/** Brings to the studio what must reach it, one message at a time and for as long as it takes, beside the heartbeats and on a connection of its own. */
export class EdgeSender {
  private readonly calls: EdgeCalls;
  private readonly outage: OutageLog;
  private readonly pause = new Pause();
  private failures = 0;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: EdgeSenderOptions) {
    this.calls = new EdgeCalls(options.url);
    this.outage = new OutageLog(options.logger, `sending ${options.what} to the studio`);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** There is something new. It does not shorten the pause after a failure. */
  poke(): void {
    if (this.failures === 0) this.pause.end();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.pause.end();
    this.calls.reconnect();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      const pauseMs = await this.step();
      if (!this.closed && pauseMs > 0) await this.pause.wait(pauseMs);
    }
  }

  /** Sends one message, and says how long to wait before the next. */
  private async step(): Promise<number> {
    try {
      const outgoing = await this.options.next();
      if (!outgoing) return IDLE_MS;
      const signed = this.options.client.sign(outgoing.message, outgoing.payload);
      if (!signed) return REGISTRATION_PAUSE_MS;
      await outgoing.send(this.calls, signed);
      await outgoing.sent();
      this.failures = 0;
      this.outage.worked();
      return 0;
    } catch (error) {
      if (this.closed) return 0;
      const { code } = error as { code?: number };
      this.outage.failed(error);
      this.options.client.refused(code);
      if (code === status.DEADLINE_EXCEEDED) this.calls.reconnect();
      const pauseMs = backoffMs(this.failures++, RETRY);
      return code === status.UNIMPLEMENTED ? UNIMPLEMENTED_PAUSE_MS : pauseMs;
    }
  }
}
