import type { SnapshotHeader } from '@sluice/config-snapshot';

/** Larger deltas do not travel with their announcement. */
export const MAX_INLINE_DELTA_BYTES = 65_536;

/** What goes over the channel: a hint that saves a gateway a look. It believes nothing but a signature. */
export type Announcement = Pick<SnapshotHeader, 'epoch' | 'revision' | 'root' | 'parent'>;

/** One line of JSON, a line feed, and the delta's bytes while there are at most 64 KiB of them. */
export function encodeAnnouncement({ epoch, revision, root, parent }: Announcement, delta: Uint8Array): Buffer {
  const line = Buffer.from(`${JSON.stringify({ epoch, revision, root, parent })}\n`, 'utf8');
  return delta.length > MAX_INLINE_DELTA_BYTES ? line : Buffer.concat([line, delta]);
}
