import type { EventLog } from './event-log';
import type { CancelledStreams } from './stream';

/** What the handlers share. */
export interface Echo {
  readonly config: Readonly<Record<string, string>>;
  readonly content: string;
  readonly events: EventLog;
  readonly cancelled: CancelledStreams;
}
