import type { SnapshotHeader } from '@sluice/config-snapshot';

/** What tells one snapshot from every other: its epoch, revision and root. */
export type SnapshotIdentity = Pick<SnapshotHeader, 'epoch' | 'revision' | 'root'>;

export function tagOf({ epoch, revision, root }: SnapshotIdentity): string {
  return `${epoch}.${revision}.${root}`;
}

/** The strong ETag (RFC 9110) of a body, with its quotes. */
export function etagOf(snapshot: SnapshotIdentity): string {
  return `"${tagOf(snapshot)}"`;
}
