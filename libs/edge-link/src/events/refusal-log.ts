import type { LinkLogger } from '../link-logger';
import type { EventRefusal } from './event-link-counts';

const SILENCE_MS = 60_000;

/** Says at most once a minute for each reason that events are refused: whoever can write to Redis cannot fill the log. */
export class RefusalLog {
  private readonly since = new Map<EventRefusal, { at: number; untold: number }>();

  constructor(
    private readonly logger: LinkLogger,
    private readonly now: () => number = Date.now,
  ) {}

  /** `from` is known of an event whose signature is right. */
  refused(reason: EventRefusal, channel: string, from?: string): void {
    const last = this.since.get(reason);
    if (last && this.now() - last.at < SILENCE_MS) {
      last.untold += 1;
      return;
    }
    this.since.set(reason, { at: this.now(), untold: 0 });
    this.logger.warn({ event: 'events.refused', reason, channel, from, before: last?.untold ?? 0 }, SENTENCES[reason]);
  }
}

const SENTENCES: Record<EventRefusal, string> = {
  too_large: 'a message in an event channel is larger than any event',
  malformed: 'a message in an event channel is no event of this version',
  no_key: 'the studio has not given this gateway the key for events yet',
  signature: 'a message in an event channel was not signed with the shared edge key: somebody else writes there, or the keys differ',
  misdirected: 'an event was found in another channel than the one that it was written for',
  stale: 'an event is too old or too new: the clocks of the planes differ by more than a minute, or somebody sends old ones again',
  duplicate: 'an event arrived a second time',
};
