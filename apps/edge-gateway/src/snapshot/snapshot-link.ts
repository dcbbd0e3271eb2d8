import { createPublicKey } from 'node:crypto';
import { rawPublicKey } from '@sluice/config-snapshot';
import { type CrashShelf, EdgeClient, signGatewayToken, type SnapshotConsumer, SnapshotReceiver, type StudioClock } from '@sluice/edge-link';
import type { Logger } from 'pino';
import type { CurrentState } from './current-state';
import type { Freshness } from './freshness';
import type { GatewayIdentity } from './identity-key';
import type { StudioReports } from './studio-reports';

export interface SnapshotLinkOptions {
  redisUrl?: string;
  studioUrl?: string;
  studioGrpcUrl?: string;
  enrolmentToken: string;
  name: string;
  namespace: string;
  version: string;
}

/** The gateway's lines to the other plane. Each may be absent, and each may be down for as long as it likes. */
export class SnapshotLink {
  private readonly receiver: SnapshotReceiver | undefined;
  private readonly client: EdgeClient | undefined;

  constructor(
    private readonly options: SnapshotLinkOptions,
    { signingKey, sealingKey }: GatewayIdentity,
    clock: StudioClock,
    consumer: SnapshotConsumer,
    private readonly current: CurrentState,
    private readonly freshness: Freshness,
    reports: StudioReports,
    logger: Logger,
    crashShelf?: CrashShelf,
  ) {
    const { redisUrl, studioUrl, studioGrpcUrl, enrolmentToken, name, namespace, version } = options;
    if (redisUrl !== undefined || studioUrl !== undefined) {
      const publicKey = rawPublicKey(createPublicKey(signingKey));
      this.receiver = new SnapshotReceiver({
        redisUrl,
        studioUrl,
        token: () => signGatewayToken({ publicKey, issuedAtMs: clock.now() }, signingKey),
        onRefused: (studioTimeMs) => clock.learn(studioTimeMs),
        namespace,
        logger,
        consumer,
        onConfirmed: () => freshness.confirm(),
      });
    }
    if (studioGrpcUrl !== undefined) {
      this.client = new EdgeClient({
        url: studioGrpcUrl,
        enrolmentToken,
        name,
        namespace,
        version,
        privateKey: signingKey,
        sealingKey,
        clock,
        logger,
        crashShelf,
        heartbeatOf: () => reports.heartbeat(),
        onPublishedRevision: (revision) => this.published(revision),
        // Until now the studio may have refused what it was asked for.
        onRegistered: () => this.receiver?.poke(),
      });
      reports.connect(this.client);
    }
  }

  /** Where the studio takes messages, and who signs them; undefined for a gateway without one. */
  get studioLine(): { url: string; client: EdgeClient } | undefined {
    const url = this.options.studioGrpcUrl;
    return url === undefined || !this.client ? undefined : { url, client: this.client };
  }

  start(): void {
    this.receiver?.start();
    this.client?.start();
  }

  async close(): Promise<void> {
    await Promise.all([this.receiver?.close(), this.client?.close()]);
  }

  private published(revision: bigint): void {
    const applied = this.current.get()?.revision;
    if (applied !== undefined && BigInt(applied) >= revision) this.freshness.confirm();
    else this.receiver?.poke();
  }
}
