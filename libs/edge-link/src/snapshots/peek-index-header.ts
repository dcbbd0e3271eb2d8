import { INDEX_BYTES, MAX_HEADER_BYTES } from '@sluice/config-snapshot';
import type { SnapshotIdentity } from './snapshot-tag';

/** Which snapshot an index blob says that it is, with nothing proved; undefined for bytes of another form. */
export function peekIndexHeader(blob: Buffer): SnapshotIdentity | undefined {
  const end = blob.length - INDEX_BYTES - 1;
  if (end < 0 || end > MAX_HEADER_BYTES || blob[end] !== 0x0a) return undefined;
  try {
    const { epoch, revision, root } = (JSON.parse(blob.toString('utf8', 0, end)) as { header: Partial<SnapshotIdentity> }).header;
    return typeof epoch === 'string' && typeof revision === 'number' && typeof root === 'string' ? { epoch, revision, root } : undefined;
  } catch {
    return undefined;
  }
}
