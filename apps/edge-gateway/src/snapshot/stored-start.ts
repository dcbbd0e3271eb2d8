import { openDelta, openIndex, peekHeader, type SnapshotTrust } from '@sluice/config-snapshot';
import { isSluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import { fetchCheckpoint } from './content/fetch-checkpoint';
import { followDelta } from './content/follow-delta';
import { readFormat1 } from './content/read-format-1';
import { nothing, type PreparedContent } from './content/snapshot-content';
import type { StoredVerdict } from './disk/format-1-store';
import type { StoredReader } from './disk/load-stored';
import type { SnapshotStore } from './disk/snapshot-store';
import type { Enforcement } from './enforcement';
import type { GatewayKeyring } from './gateway-keyring';
import { openPlugins } from './open-plugins';
import type { RefusalReports } from './refusal-reports';
import type { SnapshotReporter } from './snapshot-reporter';
import { runAtOnce, TimeSlice } from './time-slice';

/** What is wrong with the settings of this gateway, and not with the bytes. */
const NOT_THE_BYTES_FAULT = new Set(['snapshot.unknownKey', 'snapshot.wrongNamespace', 'snapshot.unknownFormat', 'snapshot.unknownKind', 'snapshot.badSeal']);

/** Puts into force what was applied last, if it is still good: a gateway starts from its disk alone. */
export class StoredStart implements StoredReader {
  /** The last of what was read so far. */
  private prepared: PreparedContent | undefined;

  constructor(
    private readonly trust: SnapshotTrust,
    private readonly keyring: GatewayKeyring,
    private readonly enforcement: Enforcement,
    private readonly store: Pick<SnapshotStore, 'load' | 'close'>,
    private readonly refusals: RefusalReports,
    private readonly reporter: Pick<SnapshotReporter, 'applied'>,
    private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    try {
      await this.store.load(this);
      if (this.prepared) this.reporter.applied(this.enforcement.enforce(this.prepared, 'disk'));
    } catch (error) {
      this.logger.error({ err: error }, 'stored snapshots cannot be read');
    }
  }

  /** Waits for what is being written. */
  close(): Promise<void> {
    return this.store.close();
  }

  async checkpoint(indexBlob: Buffer, chunk: (prefix: number) => Promise<Buffer>, file: string): Promise<StoredVerdict> {
    try {
      const prepared = await fetchCheckpoint(nothing(), openIndex(indexBlob, this.trust), chunk, new TimeSlice());
      return prepared === 'incomplete' ? 'unusable' : this.take(prepared);
    } catch (error) {
      return this.refuse(error, indexBlob, file);
    }
  }

  delta(delta: Buffer, file: string): StoredVerdict {
    const before = this.prepared?.content;
    try {
      return this.take(runAtOnce(followDelta(before ?? nothing(), openDelta(delta, this.trust, before?.header ?? null))));
    } catch (error) {
      if (!isSluiceError(error)) return this.refuse(error, delta, file);
      // What the checkpoint holds already; and what follows something that is missing.
      if (error.code === 'snapshot.staleRevision') return 'used';
      return error.code === 'snapshot.wrongParent' ? 'unusable' : this.refuse(error, delta, file);
    }
  }

  body(body: Uint8Array, file: string): StoredVerdict {
    try {
      return this.take({ content: readFormat1(body, this.trust, null), giveUp: () => undefined });
    } catch (error) {
      return this.refuse(error, body, file);
    }
  }

  private take(prepared: PreparedContent): StoredVerdict {
    const { plugins, gatewayKeys } = prepared.content.tables;
    try {
      // Looked at here, where there may be an older one that does open.
      if (plugins !== this.prepared?.content.tables.plugins) openPlugins(plugins, this.keyring.opening(this.keyring.under(gatewayKeys)));
    } catch (error) {
      prepared.giveUp();
      throw error;
    }
    this.prepared = prepared;
    return 'used';
  }

  private refuse(error: unknown, bytes: Uint8Array, file: string): StoredVerdict {
    const refusal = this.refusals.refused(error, bytes, 'disk', peekHeader(bytes));
    this.logger.error({ file, ...refusal }, 'stored snapshot refused');
    return NOT_THE_BYTES_FAULT.has(refusal.code) ? 'unusable' : 'damaged';
  }
}
