import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ChangeFeed } from '../../../database/change-feed';
import { RevisionBuilder } from '../building/revision-builder';
import { REVISION_CHANNEL } from '../revision.service';
import type { StoredRevision } from '../storage/stored-revision';

/** Tells those who wait for a namespace's next revision, however many they are, from one look at the database. */
@Injectable()
export class SnapshotNews implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly looks = new Map<string, Promise<StoredRevision>>();
  private closed = false;

  constructor(
    private readonly builder: RevisionBuilder,
    changes: ChangeFeed,
  ) {
    changes.subscribe(REVISION_CHANNEL, (namespace) => this.tell(namespace));
  }

  /** Nobody is kept waiting by a studio that ends. */
  beforeApplicationShutdown(): void {
    this.closed = true;
    this.tell(undefined);
  }

  /** The newest revision. Those who ask while somebody else's question is under way get its answer. */
  newest(namespace: string): Promise<StoredRevision> {
    const known = this.looks.get(namespace);
    if (known) return known;
    const look = this.builder.current(namespace);
    this.looks.set(namespace, look);
    const forget = (): void => {
      if (this.looks.get(namespace) === look) this.looks.delete(namespace);
    };
    look.then(forget, forget);
    return look;
  }

  /** Resolves when something was written to the namespace since the call, after `ms`, or when `signal` says so. */
  next(namespace: string, ms: number, signal: AbortSignal): Promise<void> {
    if (this.closed || signal.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const all = this.waiting.get(namespace) ?? new Set();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        all.delete(done);
        if (all.size === 0 && this.waiting.get(namespace) === all) this.waiting.delete(namespace);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.waiting.set(namespace, all.add(done));
    });
  }

  /** @param namespace undefined: anything may have happened. What is written to `''` reaches all. */
  private tell(namespace: string | undefined): void {
    const told = namespace ? [namespace] : [...this.waiting.keys(), ...this.looks.keys()];
    for (const one of told) {
      // A look that began before this may not see what was written.
      this.looks.delete(one);
      for (const done of [...(this.waiting.get(one) ?? [])]) done();
    }
  }
}
