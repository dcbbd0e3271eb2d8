import { Injectable } from '@nestjs/common';
import { encodeIndex } from '@sluice/config-snapshot';
import { etagOf } from '@sluice/edge-link';
import { isSluiceError } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { UnitOfWork } from '../../../database/unit-of-work';
import type { RequestContext } from '../../../http/request-context';
import { SnapshotTrees } from '../building/snapshot-trees';
import { parseNamespace } from '../namespace';
import { RevisionService } from '../revision.service';
import { snapshotServiceErrors } from '../snapshot-errors';
import { RecordStore } from '../storage/record-store';
import { RevisionStore } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';
import { SnapshotNews } from './snapshot-news';

/** A gateway that is further behind than this asks again, or for the whole. */
const MAX_CHAIN_BYTES = 16 * 1_048_576;

/** What an answer is to be newer than, and how long that may take. */
export interface Patience {
  /** Whether the client has this one. */
  knows(etag: string): boolean;
  waitMs: number;
  signal: AbortSignal;
}

/** Snapshots for gateways that ask, published or not: this way works without Redis and without a worker. */
@Injectable()
export class EdgeSnapshotsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: UnitOfWork,
    private readonly namespaces: RevisionService,
    private readonly news: SnapshotNews,
    private readonly trees: SnapshotTrees,
    private readonly revisions: RevisionStore,
    private readonly records: RecordStore,
  ) {}

  /** The newest revision; waits for one that the client does not know. */
  async newest(ctx: RequestContext, name: string, { knows, waitMs, signal }: Patience): Promise<StoredRevision> {
    const namespace = readNamespace(name);
    const deadline = performance.now() + waitMs;
    for (;;) {
      const answered = new AbortController();
      // Asked for before the look, so that nothing that is written in between is missed.
      const next = this.news.next(namespace, deadline - performance.now(), AbortSignal.any([signal, answered.signal]));
      try {
        const newest = await this.look(ctx, namespace);
        if (!knows(etagOf(newest)) || performance.now() >= deadline || signal.aborted) return newest;
        await next;
      } finally {
        answered.abort();
      }
    }
  }

  /** The index blob of a revision. */
  async index(stored: StoredRevision): Promise<Buffer> {
    return encodeIndex(stored.signed, await this.trees.of(this.dataSource.manager, stored));
  }

  /** The deltas that follow a revision, each with a line feed. @throws snapshots.unknownRevision when the way from there is not known any more. */
  async deltas(ctx: RequestContext, name: string, { epoch, after }: { epoch: string; after: number }): Promise<Buffer> {
    const namespace = readNamespace(name);
    const newest = await this.look(ctx, namespace);
    const chain = newest.epoch === epoch && after <= newest.revision ? await this.revisions.deltasAfter(namespace, epoch, after, MAX_CHAIN_BYTES) : undefined;
    if (!chain || (chain.length === 0 && after < newest.revision)) throw new snapshotServiceErrors.unknownRevision({ namespace, epoch, revision: after });
    return Buffer.concat(chain.flatMap(({ bytes }) => [bytes, LINE_FEED]));
  }

  /** One chunk of a stored revision. @throws snapshots.unknownRevision */
  async chunk(name: string, { epoch, revision }: { epoch: string; revision: number }, prefix: number): Promise<Buffer> {
    const namespace = readNamespace(name);
    const stored = await this.revisions.get(namespace, revision);
    if (stored?.epoch !== epoch) throw new snapshotServiceErrors.unknownRevision({ namespace, epoch, revision });
    return this.records.chunk(stored, prefix);
  }

  /** A namespace that nobody has written to yet becomes known, since a gateway of it is here. */
  private async look(ctx: RequestContext, namespace: string): Promise<StoredRevision> {
    try {
      return await this.news.newest(namespace);
    } catch (error) {
      if (!isSluiceError(error) || error.code !== 'snapshots.unknownNamespace') throw error;
      await this.work.run(ctx, (tx) => this.namespaces.ensureNamespace(tx, namespace));
      return this.news.newest(namespace);
    }
  }
}

const LINE_FEED = Buffer.from('\n');

function readNamespace(name: string): string {
  const namespace = parseNamespace(name);
  if (namespace === undefined) throw new snapshotServiceErrors.badNamespace({ name });
  return namespace;
}
