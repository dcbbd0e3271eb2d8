import type { ReadinessReport, VerboseReadinessReport } from '../http/readiness';
import type { PrimaryQuestion, ToPrimary, ToWorker, WorkerQuestion } from './messages';
import { Peer, type Port } from './peer';
import type { SharedPlugins } from './shared-plugins';
import { SnapshotFollower } from './snapshot-follower';
import type { SnapshotConsumer } from '@sluice/edge-link';

/** A primary that does not answer for so long does not work. */
const ANSWER_MS = 5_000;
/** A large configuration keeps it busy in slices. */
const PIECE_MS = 20_000;

/** What the process of a worker does when the primary says so. */
export interface WorkerDuties {
  /** Resolves to the address where it listens. */
  listen(): Promise<string>;
  leave(): void;
  /** It does not have what the others have, and cannot go on. */
  giveUp(error: Error): void;
  metricsText(): Promise<string>;
}

export interface PrimaryLineOptions {
  port: Port;
  plugins: SharedPlugins;
  consumer: SnapshotConsumer;
  duties: WorkerDuties;
}

/** A worker's line to the primary: what it is told it does, in that order, and says that it has. */
export class PrimaryLine {
  private readonly peer: Peer<ToPrimary, WorkerQuestion, ToWorker, PrimaryQuestion>;
  private readonly follower: SnapshotFollower;

  constructor(private readonly options: PrimaryLineOptions) {
    this.peer = new Peer(options.port, { notice: (notice) => this.take(notice), answer: (question) => this.answer(question) });
    this.follower = new SnapshotFollower(options.consumer, (source, part, offset) => this.peer.ask({ what: 'piece', source, part, offset }, PIECE_MS));
  }

  /** Asks for everything. */
  begin(): void {
    this.tell({ kind: 'hello' });
  }

  readonly tell = (notice: ToPrimary): void => this.peer.tell(notice);

  readiness(minRevision: number, verbose: boolean): Promise<ReadinessReport | VerboseReadinessReport> {
    return this.peer.ask({ what: 'readiness', minRevision, verbose }, ANSWER_MS);
  }

  /** Of all processes together. */
  metrics(): Promise<string> {
    return this.peer.ask({ what: 'metrics' }, ANSWER_MS);
  }

  /** Rejects when the primary does not answer. */
  async alive(): Promise<void> {
    await this.peer.ask({ what: 'alive' }, ANSWER_MS);
  }

  private take(notice: ToWorker): void {
    const { plugins, duties } = this.options;
    switch (notice.kind) {
      case 'begin':
        for (const view of notice.plugins) plugins.show(view);
        return this.follow(notice.change, notice.revocations);
      case 'change':
        return this.follow(notice.change, []);
      case 'revocation':
        return this.revoke(notice.bytes, () => this.tell({ kind: 'revoked', number: notice.number }));
      case 'serve':
        return void this.serve();
      case 'plugin':
        return plugins.show(notice.view);
      case 'ended':
        return plugins.ended(notice.name);
      case 'leave':
        return duties.leave();
    }
  }

  private follow(change: Parameters<SnapshotFollower['apply']>[0] | null, revocations: readonly Uint8Array[]): void {
    const applied = change ? this.follower.apply(change) : Promise.resolve();
    applied.then(
      () => {
        for (const revocation of revocations) this.revoke(revocation, () => undefined);
        this.tell({ kind: 'enforced', number: change?.number ?? 0 });
      },
      (error: Error) => this.options.duties.giveUp(error),
    );
  }

  private revoke(bytes: Uint8Array, done: () => void): void {
    this.follower.revoke(bytes).then(done, (error: Error) => this.options.duties.giveUp(error));
  }

  private async serve(): Promise<void> {
    try {
      this.tell({ kind: 'serving', url: await this.options.duties.listen() });
    } catch (error) {
      this.tell({ kind: 'failed', message: (error as Error).message });
      this.options.duties.giveUp(error as Error);
    }
  }

  private async answer({ what }: PrimaryQuestion): Promise<unknown> {
    return what === 'metrics' ? this.options.duties.metricsText() : true;
  }
}
