import { join } from 'node:path';
import { generateSealingKey, type SnapshotTrust } from '@sluice/config-snapshot';
import { StudioClock } from '@sluice/edge-link';
import { FakeClock, systemClock } from '@sluice/kernel';
import { pino } from 'pino';
import { CurrentState } from '../snapshot/current-state';
import { SnapshotStore } from '../snapshot/disk/snapshot-store';
import { Enforcement } from '../snapshot/enforcement';
import { Freshness } from '../snapshot/freshness';
import { GatewayKeyring } from '../snapshot/gateway-keyring';
import { loadIdentity } from '../snapshot/identity-key';
import { RefusalReports } from '../snapshot/refusal-reports';
import { RevokedTokens } from '../snapshot/revoked-tokens';
import { SnapshotApplier } from '../snapshot/snapshot-applier';
import { SnapshotLink } from '../snapshot/snapshot-link';
import { StoredStart } from '../snapshot/stored-start';
import { StudioReports } from '../snapshot/studio-reports';

/** A gateway's configuration side put together as the gateway puts it together, without plugins, traffic or a studio. */
export class SnapshotSide {
  readonly current = new CurrentState();
  readonly freshness = new Freshness(this.current, systemClock);
  readonly refusals: string[] = [];
  readonly storeFailures: unknown[] = [];
  readonly applier: SnapshotApplier;
  /** The disk's; it moves when the test moves it. */
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1));
  private readonly stored: StoredStart;
  private link: SnapshotLink | undefined;

  constructor(
    private readonly folder: string,
    trust: SnapshotTrust,
  ) {
    const logger = pino({ level: 'silent' });
    const reports = new StudioReports(this.current, { statuses: () => [] }, { refused: (code) => void this.refusals.push(code) }, new FakeClock());
    const revoked = new RevokedTokens();
    const store = new SnapshotStore(join(folder, 'state'), this.clock, (error) => void this.storeFailures.push(error));
    const keyring = new GatewayKeyring({ namespace: trust.namespace, sealingKey: generateSealingKey(), shared: undefined });
    const enforcement = new Enforcement(keyring, this.current, { apply: () => undefined }, revoked, systemClock, logger);
    const refusals = new RefusalReports(reports, logger);
    this.stored = new StoredStart(trust, keyring, enforcement, store, refusals, reports, logger);
    this.applier = new SnapshotApplier(trust, enforcement, revoked, store, refusals, reports, logger);
    this.connect = async (options) => {
      const link = { enrolmentToken: 'join', name: 'gw-1', namespace: trust.namespace, version: '0', ...options };
      this.link = new SnapshotLink(link, await loadIdentity(folder), new StudioClock(), this.applier, this.current, this.freshness, reports, logger);
      this.link.start();
    };
  }

  readonly connect: (options: { redisUrl?: string; studioUrl?: string }) => Promise<void>;

  /** Undefined while there is none. */
  get revision(): number | undefined {
    return this.current.get()?.revision;
  }

  get stateFolder(): string {
    return join(this.folder, 'state');
  }

  startFromDisk(): Promise<void> {
    return this.stored.run();
  }

  async close(): Promise<void> {
    await this.link?.close();
    await this.stored.close();
  }
}
