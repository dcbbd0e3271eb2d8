import { checkNewer, isUnchanged, openDelta, openIndex, openRevocation, peekHeader, type SnapshotTrust } from '@sluice/config-snapshot';
import type { ChunkReader, SnapshotConsumer, SnapshotIdentity, SnapshotOutcome, SnapshotSource as Source } from '@sluice/edge-link';
import { isSluiceError } from '@sluice/kernel';
import type { Logger } from 'pino';
import { fetchCheckpoint } from './content/fetch-checkpoint';
import { followDelta } from './content/follow-delta';
import { readFormat1 } from './content/read-format-1';
import type { PreparedContent, SnapshotContent } from './content/snapshot-content';
import type { SnapshotStore } from './disk/snapshot-store';
import type { Enforcement } from './enforcement';
import type { GatewayState } from './gateway-state';
import type { RefusalReports } from './refusal-reports';
import type { RevokedTokens } from './revoked-tokens';
import type { SnapshotReporter } from './snapshot-reporter';
import { runAtOnce, TimeSlice } from './time-slice';

/** A delta of this size is applied in the turn in which it comes: two hundred apps take some milliseconds. */
const SMALL_DELTA_BYTES = 65_536;

/** Where what was applied is kept. Chunks are copied while they come only where there is a disk. */
export type AppliedStore = Pick<SnapshotStore, 'keepDelta' | 'keepWhole' | 'keepBody'> & Partial<Pick<SnapshotStore, 'copyOf'>>;

/** Verifies what comes, puts it into force, has it stored and reports. What fails any check is refused whole. */
export class SnapshotApplier implements SnapshotConsumer {
  private busy = false;

  constructor(
    private readonly trust: SnapshotTrust,
    private readonly enforcement: Enforcement,
    private readonly revoked: RevokedTokens,
    private readonly store: AppliedStore,
    private readonly refusals: RefusalReports,
    private readonly reporter: Pick<SnapshotReporter, 'applied'>,
    private readonly logger: Logger,
  ) {}

  applied(): SnapshotIdentity | undefined {
    return this.enforcement.content?.header;
  }

  /** A small one is in force when this returns; storing and reporting follow. */
  delta(bytes: Buffer, source: Source): SnapshotOutcome | Promise<SnapshotOutcome> {
    if (this.busy) return 'gap';
    try {
      const { base, content } = this.enforcement;
      const opened = openDelta(bytes, this.trust, content?.header ?? null);
      if (bytes.length <= SMALL_DELTA_BYTES) return this.enforceDelta(runAtOnce(followDelta(base, opened)), bytes, source);
      // In force stays what was, tree and all, for as long as this takes.
      const work = followDelta({ tables: base.tables, tree: base.tree.fork() }, opened);
      return this.alone(async () => this.enforceDelta(await new TimeSlice().run(work), bytes, source), bytes, source);
    } catch (error) {
      return this.refuse(error, bytes, source);
    }
  }

  async checkpoint(index: Buffer, source: Source, chunk: ChunkReader): Promise<SnapshotOutcome> {
    if (this.busy) return 'gap';
    return this.alone(async () => {
      const opened = openIndex(index, this.trust);
      const { content, base } = this.enforcement;
      if (content && !isSameInNewerFormat(content, opened.signed.header)) checkNewer(opened.signed.header, content.header);
      const copy = this.store.copyOf?.(index);
      try {
        const prepared = await fetchCheckpoint(base, opened, chunk, new TimeSlice(), copy && ((prefix, bytes) => copy.add(prefix, bytes)));
        if (prepared !== 'incomplete') return this.enforce(prepared, source, (content) => this.store.keepWhole(content, copy));
        void copy?.abandon();
        return prepared;
      } catch (error) {
        void copy?.abandon();
        throw error;
      }
    }, index, source);
  }

  body(bytes: Buffer, source: Source): SnapshotOutcome {
    if (this.busy) return 'gap';
    try {
      const content = readFormat1(bytes, this.trust, this.enforcement.content?.header ?? null);
      return this.enforce({ content, giveUp: () => undefined }, source, () => this.store.keepBody(bytes));
    } catch (error) {
      return this.refuse(error, bytes, source, peekHeader(bytes));
    }
  }

  revocation(bytes: Buffer, source: Source): 'applied' | 'unchanged' | 'refused' {
    try {
      const revocation = openRevocation(bytes, this.trust);
      const applied = this.applied();
      if (!applied || revocation.epoch !== applied.epoch || revocation.revision <= applied.revision || !this.revoked.add(revocation)) return 'unchanged';
      this.enforcement.revoke();
      this.logger.info({ event: 'tokens.revoked', revision: revocation.revision, tokens: revocation.token_hashes.length, source }, 'tokens are refused ahead of their revision');
      return 'applied';
    } catch (error) {
      this.refusals.refused(error, bytes, source);
      return 'refused';
    }
  }

  private enforceDelta(prepared: PreparedContent, bytes: Buffer, source: Source): SnapshotOutcome {
    return this.enforce(prepared, source, (content) => this.store.keepDelta(content, bytes));
  }

  private enforce(prepared: PreparedContent, source: Source, keep: (content: SnapshotContent) => Promise<void>): SnapshotOutcome {
    const state = this.enforcement.enforce(prepared, source);
    this.refusals.forget();
    void this.keep(prepared.content, state, keep);
    return 'applied';
  }

  // A slow disk holds up the report and never the next snapshot: it may carry a revocation.
  private async keep(content: SnapshotContent, state: GatewayState, keep: (content: SnapshotContent) => Promise<void>): Promise<void> {
    try {
      await keep(content);
    } catch (error) {
      this.logger.error({ err: error, revision: state.revision }, 'snapshot applied but not stored');
    }
    if (this.enforcement.content === content) this.reporter.applied(state);
  }

  /** Large changes are prepared over many turns, and nothing else is judged meanwhile. */
  private async alone(work: () => Promise<SnapshotOutcome>, bytes: Buffer, source: Source): Promise<SnapshotOutcome> {
    this.busy = true;
    try {
      return await work();
    } catch (error) {
      return this.refuse(error, bytes, source);
    } finally {
      this.busy = false;
    }
  }

  private refuse(error: unknown, bytes: Uint8Array, source: Source, labels = {}): SnapshotOutcome {
    if (isUnchanged(error)) return 'unchanged';
    if (isSluiceError(error) && error.code === 'snapshot.wrongParent') return 'gap';
    this.refusals.refused(error, bytes, source, labels);
    return 'refused';
  }
}

/** A studio that was brought up to date signs the revision in force anew. */
function isSameInNewerFormat(content: SnapshotContent, header: { epoch: string; revision: number; root: string }): boolean {
  return !content.signed && content.header.epoch === header.epoch && content.header.revision === header.revision && content.tree.root() === header.root;
}
