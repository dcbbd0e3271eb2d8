import { createHash } from 'node:crypto';
import { isUnchanged, openSnapshot, peekHeader, refusalOf, type SignedSnapshot, type SnapshotRefusal, type SnapshotTrust } from '@sluice/config-snapshot';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { CurrentState } from './current-state';
import { GatewayState, type SnapshotSource } from './gateway-state';
import { openPlugins, type PluginFleet } from './plugin-fleet';
import type { SnapshotStore, StoredVerdict } from './snapshot-store';

/** Who wants to know what became of a snapshot. */
export interface SnapshotReporter {
  applied(state: GatewayState): void;
  refused(refusal: SnapshotRefusal, source: SnapshotSource): void;
}

export interface SnapshotKeys extends Pick<SnapshotTrust, 'publicKeys' | 'namespace'> {
  /** Opens the sealed values of plugins' configs. */
  secretKey: Uint8Array;
}

/** What is wrong with the settings of this gateway, and not with the bytes. */
const NOT_THE_BYTES_FAULT = new Set(['snapshot.unknownKey', 'snapshot.wrongNamespace', 'snapshot.unknownFormat', 'snapshot.badSeal']);

/** Verifies bodies, puts them into force, has them stored and reports. A body that fails any check is refused whole. */
export class SnapshotApplier {
  private lastRefused = '';

  constructor(
    private readonly keys: SnapshotKeys,
    private readonly current: CurrentState,
    private readonly fleet: Pick<PluginFleet, 'apply'>,
    private readonly store: Pick<SnapshotStore, 'load' | 'save'>,
    private readonly reporter: SnapshotReporter,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Starts from what was applied last, if it is still good. */
  async startFromDisk(): Promise<void> {
    try {
      await this.store.load((body, file) => this.readStored(body, file));
    } catch (error) {
      this.logger.error({ err: error }, 'stored snapshots cannot be read');
    }
  }

  /** A body from the network. The swap has happened when it returns; storing and reporting follow. */
  receive(body: Uint8Array, source: 'redis' | 'http'): 'applied' | 'refused' | 'unchanged' {
    try {
      const state = this.apply(openSnapshot(body, this.keys, this.current.get()?.header ?? null), source);
      this.lastRefused = '';
      void this.keep(body, state);
      return 'applied';
    } catch (error) {
      if (isUnchanged(error)) return 'unchanged';
      this.refuse(error, body, source);
      return 'refused';
    }
  }

  private readStored(body: Uint8Array, file: string): StoredVerdict {
    try {
      this.reporter.applied(this.apply(openSnapshot(body, this.keys, null), 'disk'));
      return 'used';
    } catch (error) {
      const refusal = toRefusal(error, body);
      this.logger.error({ file, ...refusal, err: error }, 'stored snapshot refused');
      this.reporter.refused(refusal, 'disk');
      return NOT_THE_BYTES_FAULT.has(refusal.code) ? 'unusable' : 'damaged';
    }
  }

  private apply(snapshot: SignedSnapshot, source: SnapshotSource): GatewayState {
    const plugins = openPlugins(snapshot.records.flatMap((record) => (record.kind === 'plugin' ? [record.data] : [])), this.keys.secretKey);
    const state = new GatewayState(snapshot, source, this.clock.now());
    // Everything that can fail lies behind; requests see the new revision from here on.
    this.current.swap(state);
    this.fleet.apply(plugins);
    const { epoch, revision, root } = snapshot.header;
    this.logger.info({ epoch, revision, root, source, plugins: plugins.length, apps: state.apps.size, tokens: state.tokensByHash.size }, 'snapshot applied');
    return state;
  }

  // A slow disk holds up the report and never the next snapshot: it may carry a revocation.
  private async keep(body: Uint8Array, state: GatewayState): Promise<void> {
    try {
      await this.store.save(body);
    } catch (error) {
      this.logger.error({ err: error, revision: state.revision }, 'snapshot applied but not stored');
    }
    if (this.current.get() === state) this.reporter.applied(state);
  }

  private refuse(error: unknown, body: Uint8Array, source: SnapshotSource): void {
    const refusal = toRefusal(error, body);
    // The same bad body is fetched again on every poll and is news only once.
    const digest = createHash('sha256').update(body).digest('hex');
    if (digest === this.lastRefused) return;
    this.lastRefused = digest;
    this.logger.error({ ...refusal, source, err: error }, 'snapshot refused');
    this.reporter.refused(refusal, source);
  }
}

/** Where the error does not say which snapshot it is about, its header does, verified or not. */
function toRefusal(error: unknown, body: Uint8Array): SnapshotRefusal {
  const refusal = refusalOf(error);
  if (refusal.epoch !== '') return refusal;
  const { epoch = '', revision = 0 } = peekHeader(body) ?? {};
  return { ...refusal, epoch, revision };
}
