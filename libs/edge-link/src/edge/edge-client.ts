import { createPublicKey, type KeyObject } from 'node:crypto';
import { status, type ServiceError } from '@grpc/grpc-js';
import { rawPublicKey, sealingPublicKey, SNAPSHOT_FORMAT } from '@sluice/config-snapshot';
import { Acknowledgement, type CrashCard, CrashReport, Heartbeat, Registration, type RegisterResponse, type Signed } from '@sluice/contracts/edge';
import { backoffMs } from '../backoff';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { CrashOutbox, type CrashShelf } from './crash-outbox';
import { EdgeCalls } from './edge-calls';
import { Pause } from './pause';
import { signPayload, type SignedMessage } from './signing';
import type { StudioClock } from './studio-clock';
import { studioTimeOf } from './studio-time';

export interface EdgeClientOptions {
  /** The studio's gRPC address, `host:port`. */
  url: string;
  /** Admits a gateway that the studio does not know; `''` for one that it does. */
  enrolmentToken: string;
  name: string;
  namespace: string;
  version: string;
  /** The gateway's own Ed25519 key. The studio recognises the gateway by its public half. */
  privateKey: KeyObject;
  /** The gateway's own X25519 key, which the studio seals keys to. */
  sealingKey: KeyObject;
  /** Learns the studio's time from its answers, and dates what is signed. */
  clock: StudioClock;
  logger: LinkLogger;
  /** Default: cards that are not confirmed end with the process. */
  crashShelf?: CrashShelf;
  /** What the gateway is doing now. Its `sentAtMs` is set when it is sent. */
  heartbeatOf(): Heartbeat;
  /** Called with the answer to each heartbeat: which revision the studio has published. */
  onPublishedRevision(revision: bigint): void;
  /** The studio knows this gateway from now on. */
  onRegistered?(gatewayId: number): void;
}

const RETRY = { firstMs: 500, mostMs: 5_000 };

/** The studio does not know this gateway, or not with this key: after a restore from backup, for example. */
const REGISTER_AGAIN: ReadonlySet<number> = new Set([status.NOT_FOUND, status.UNAUTHENTICATED, status.PERMISSION_DENIED]);

/** A gateway's line to the studio: registers, renews its lease, acknowledges snapshots. Tries on forever, one call at a time. */
export class EdgeClient {
  private readonly calls: EdgeCalls;
  private readonly outage: OutageLog;
  private readonly pause = new Pause();
  private registration: RegisterResponse | undefined;
  private knownId: number | undefined;
  /** The newest acknowledgement, and whether the studio has yet to be told. */
  private latest: { message: Acknowledgement; due: boolean } | undefined;
  private readonly crashes: CrashOutbox;
  /** By `performance.now()`: a wall clock that is set back would silence this gateway. */
  private heartbeatAt = 0;
  private sentAtMs = 0;
  private failures = 0;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: EdgeClientOptions) {
    this.calls = new EdgeCalls(options.url);
    this.crashes = new CrashOutbox(options.crashShelf);
    this.outage = new OutageLog(options.logger, 'studio gRPC');
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Keeps an acknowledgement until the studio has it. Only the newest counts. Its `sentAtMs` is set when it is sent. */
  acknowledge(message: Acknowledgement): void {
    this.latest = { message, due: true };
    this.hurry();
  }

  /** Keeps a card until the studio has it; it may get it twice. Of each plugin the newest 20 are kept. */
  reportCrash(card: CrashCard): void {
    this.crashes.add(card);
    this.hurry();
  }

  heartbeatNow(): void {
    this.heartbeatAt = 0;
    this.hurry();
  }

  /** The id that the studio gave last; undefined before the first registration. */
  gatewayId(): number | undefined {
    return this.knownId;
  }

  /** For a message that someone else sends. Undefined while the gateway is not registered. */
  sign(name: SignedMessage, payload: Buffer): Signed | undefined {
    return this.registration && this.signed(name, payload, this.registration);
  }

  /** Tells how the studio refused such a message: it may have forgotten this gateway. */
  refused(code: number | undefined): void {
    if (code === status.DEADLINE_EXCEEDED) return;
    this.recover(code);
    if (!this.registration) this.heartbeatNow();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.pause.end();
    this.calls.reconnect();
    await this.running;
  }

  // What is new does not shorten the pause after a failure: a studio in trouble is not asked more often.
  private hurry(): void {
    if (this.failures === 0) this.pause.end();
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      const pauseMs = await this.step();
      if (!this.closed && pauseMs > 0) await this.pause.wait(pauseMs);
    }
  }

  /** Does what is due, and says how long there will be nothing to do. */
  private async step(): Promise<number> {
    try {
      this.registration ??= await this.register();
      if (performance.now() >= this.heartbeatAt) await this.sendHeartbeat(this.registration);
      if (this.latest?.due) await this.sendAcknowledgement(this.registration);
      if (this.crashes.due) await this.sendCrashes(this.registration);
      this.failures = 0;
      this.outage.worked();
      return this.latest?.due || this.crashes.due ? 0 : this.heartbeatAt - performance.now();
    } catch (error) {
      if (this.closed) return 0;
      // A studio that only says what time it is there is asked again at once, with that time.
      if (this.wasDatedWrong(error as ServiceError) && this.failures++ === 0) return 0;
      this.outage.failed(error);
      this.recover((error as { code?: number }).code);
      return backoffMs(this.failures++, RETRY);
    }
  }

  private recover(code: number | undefined): void {
    if (code === status.DEADLINE_EXCEEDED) this.calls.reconnect();
    if (!this.registration || code === undefined || !REGISTER_AGAIN.has(code)) return;
    this.registration = undefined;
    // A studio that forgot the gateway forgot what it acknowledged.
    if (this.latest) this.latest.due = true;
  }

  private async register(): Promise<RegisterResponse> {
    const { enrolmentToken, name, namespace, version, privateKey, sealingKey, logger } = this.options;
    const publicKey = rawPublicKey(createPublicKey(privateKey));
    const registrationOf = { name, namespace, publicKey, sealingKey: sealingPublicKey(sealingKey), version, snapshotFormat: SNAPSHOT_FORMAT, sentAtMs: this.stamp(), enrolmentToken };
    const payload = Buffer.from(Registration.encode(registrationOf).finish());
    const registration = await this.calls.register(this.signed('Registration', payload, { gatewayId: 0 }));
    this.learnTime(Number(registration.studioTimeMs));
    this.heartbeatAt = 0;
    // Registering again changes nothing that an operator would want to read about, unless the id is another one.
    if (registration.gatewayId !== this.knownId) {
      logger.info({ event: 'gateway.registered', gatewayId: registration.gatewayId, name, namespace }, 'registered with the studio');
    }
    this.knownId = registration.gatewayId;
    this.options.onRegistered?.(registration.gatewayId);
    return registration;
  }

  private async sendHeartbeat(registration: RegisterResponse): Promise<void> {
    // Set before the call, so that heartbeatNow() during the call asks for another.
    this.heartbeatAt = performance.now() + Math.max(100, registration.heartbeatIntervalMs);
    try {
      const payload = Buffer.from(Heartbeat.encode({ ...this.options.heartbeatOf(), sentAtMs: this.stamp() }).finish());
      const { publishedRevision, studioTimeMs } = await this.calls.sendHeartbeat(this.signed('Heartbeat', payload, registration));
      this.learnTime(Number(studioTimeMs));
      this.options.onPublishedRevision(publishedRevision);
    } catch (error) {
      this.heartbeatAt = 0;
      throw error;
    }
  }

  private async sendAcknowledgement(registration: RegisterResponse): Promise<void> {
    const sent = this.latest;
    if (!sent) return;
    sent.due = false;
    const payload = Buffer.from(Acknowledgement.encode({ ...sent.message, sentAtMs: this.stamp() }).finish());
    try {
      await this.calls.acknowledge(this.signed('Acknowledgement', payload, registration));
    } catch (error) {
      if ((error as { code?: number }).code === status.INVALID_ARGUMENT) {
        this.options.logger.error({ event: 'acknowledgement.rejected', err: error }, 'the studio does not take this acknowledgement');
        return;
      }
      sent.due = true;
      throw error;
    }
  }

  private async sendCrashes(registration: RegisterResponse): Promise<void> {
    const cards = this.crashes.batch();
    const payload = Buffer.from(CrashReport.encode({ cards: [...cards], sentAtMs: this.stamp() }).finish());
    try {
      await this.calls.reportCrashes(this.signed('CrashReport', payload, registration));
    } catch (error) {
      const { code } = error as { code?: number };
      if (code !== status.UNIMPLEMENTED && code !== status.INVALID_ARGUMENT) throw error;
      // A studio of an older version, or one that will never take these: repeating them would only keep newer ones waiting.
      this.options.logger.warn({ event: 'crash_report.rejected', cards: cards.length, err: error }, 'the studio does not take these crash reports');
    }
    this.crashes.confirm(cards);
  }

  // The studio takes no message twice and none that is old: each is later than the one before, and a repetition is new.
  private stamp(): bigint {
    this.sentAtMs = Math.max(this.options.clock.now(), this.sentAtMs + 1);
    return BigInt(this.sentAtMs);
  }

  private learnTime(studioTimeMs: number): boolean {
    const moved = this.options.clock.learn(studioTimeMs);
    // What was dated by a clock that was fast was refused, so that an earlier time is no replay of it.
    if (moved) this.sentAtMs = 0;
    return moved;
  }

  private wasDatedWrong(error: ServiceError): boolean {
    const studioTimeMs = studioTimeOf(error);
    if (Number.isNaN(studioTimeMs)) return false;
    this.options.clock.learn(studioTimeMs);
    // Also where the clocks agree: both may have been set back, and what was sent before is later than now.
    this.sentAtMs = 0;
    return true;
  }

  private signed(name: SignedMessage, payload: Buffer, { gatewayId }: Pick<RegisterResponse, 'gatewayId'>): Signed {
    return { gatewayId, payload, signature: signPayload(name, payload, this.options.privateKey) };
  }
}
