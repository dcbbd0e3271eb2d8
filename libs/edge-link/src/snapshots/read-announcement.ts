import type { Announcement } from './announcement';

const MAX_LINE_BYTES = 1_024;
const REVOCATION = '{"key_id":';

/** What came over the channel, with nothing of it proved. */
export type ReceivedAnnouncement =
  | { kind: 'revision'; announcement: Announcement; delta: Buffer | undefined }
  | { kind: 'revocation'; bytes: Buffer }
  | { kind: 'rubbish' };

/** Tells announcements apart by their first line. */
export function readAnnouncement(message: Buffer): ReceivedAnnouncement {
  if (message.toString('latin1', 0, REVOCATION.length) === REVOCATION) return { kind: 'revocation', bytes: message };
  const found = message.subarray(0, MAX_LINE_BYTES).indexOf('\n');
  const end = found < 0 ? message.length : found;
  if (end > MAX_LINE_BYTES) return { kind: 'rubbish' };
  const announcement = parse(message.toString('utf8', 0, end));
  if (!announcement) return { kind: 'rubbish' };
  return { kind: 'revision', announcement, delta: end + 1 < message.length ? message.subarray(end + 1) : undefined };
}

function parse(line: string): Announcement | undefined {
  try {
    const { epoch, revision, root, parent = null } = JSON.parse(line) as Partial<Record<keyof Announcement, unknown>>;
    if (typeof epoch !== 'string' || !isRevision(revision) || typeof root !== 'string' || (parent !== null && !isRevision(parent))) return undefined;
    return { epoch, revision, root, parent };
  } catch {
    return undefined;
  }
}

function isRevision(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
