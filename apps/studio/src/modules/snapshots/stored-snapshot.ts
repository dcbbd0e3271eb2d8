import type { SnapshotHeader } from '@sluice/config-snapshot';

/** A snapshot that lies in the database. */
export interface StoredSnapshot {
  namespace: string;
  epoch: string;
  revision: number;
  root: string;
  /** The exact bytes that travel. */
  body: Buffer;
}

/** The header as it was signed, out of the stored bytes. */
export function headerOf(snapshot: StoredSnapshot): SnapshotHeader {
  const { header }: { header: SnapshotHeader } = JSON.parse(snapshot.body.toString('utf8'));
  return header;
}
