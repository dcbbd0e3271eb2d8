import type { Revocation } from '@sluice/config-snapshot';

const NONE: ReadonlySet<string> = new Set();

/** Tokens that were taken back ahead of the revision that does so for good. */
export class RevokedTokens {
  /** By hash: the revision from which on the configuration says it itself. */
  private readonly until = new Map<string, { epoch: string; revision: number }>();
  private hashes = NONE;

  /** Hashes of the tokens that are refused now. Another set whenever they change. */
  get current(): ReadonlySet<string> {
    return this.hashes;
  }

  /** False when the notice says nothing new. */
  add({ epoch, revision, token_hashes: hashes }: Revocation): boolean {
    const news = hashes.filter((hash) => {
      const before = this.until.get(hash);
      return before?.epoch !== epoch || before.revision < revision;
    });
    for (const hash of news) this.until.set(hash, { epoch, revision });
    if (news.length > 0) this.hashes = new Set(this.until.keys());
    return news.length > 0;
  }

  /** A revision is in force: notices up to it, and those of another epoch, have done their work. */
  reached(header: { epoch: string; revision: number }): void {
    if (this.until.size === 0) return;
    for (const [hash, { epoch, revision }] of this.until) if (epoch !== header.epoch || revision <= header.revision) this.until.delete(hash);
    this.hashes = this.until.size === 0 ? NONE : new Set(this.until.keys());
  }
}
