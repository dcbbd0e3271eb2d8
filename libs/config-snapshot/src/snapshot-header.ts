import type { RecordKind } from './records';

/** The format that this version writes. It reads this one, the one before it, and the next one when that says so. */
export const SNAPSHOT_FORMAT = 2;

/** What the studio signs: it stands for every record by the root of their tree. Keys stand in the JSON as they stand here. */
export interface SnapshotHeader {
  format: number;
  /** The oldest format whose readers may read it. */
  min_reader: number;
  /** Whose gateways it is for; `''` is the default namespace. */
  namespace: string;
  /** Changes after a restore from backup, so that revisions of two histories are never compared. */
  epoch: string;
  /** Grows with every write that gateways care about. */
  revision: number;
  /** The revision that the delta starts from, or null for the first of an epoch. */
  parent: number | null;
  /** The root of the tree of record hashes (`RecordTree`); lower-case hex. */
  root: string;
  /** RFC 3339, UTC. */
  created_at: string;
  /** How many records there are. */
  records: number;
  /** A reader that does not know one of these kinds refuses the snapshot; records of any other unknown kind it keeps and ignores. */
  required_kinds: string[];
}

/** A header with its signature: whoever has it can prove every record. */
export interface SignedHeader {
  header: SnapshotHeader;
  /** Which public key checks it: the first 16 hex digits of the SHA-256 of the raw key. */
  key_id: string;
  /** Ed25519 over the canonical bytes of the header; base64url. */
  signature: string;
}

/** The kinds without which a gateway would answer wrongly. */
export const REQUIRED_KINDS = ['app', 'plugin', 'token'] as const satisfies readonly RecordKind[];

export interface HeaderContent extends Pick<SnapshotHeader, 'namespace' | 'epoch' | 'revision' | 'parent' | 'root' | 'records'> {
  createdAt: Date;
  /** Default: `REQUIRED_KINDS`. */
  requiredKinds?: readonly string[];
}

/** The header of this version's format for what a tree holds: `newHeader({ …, root: tree.root(), records: tree.size })`. */
export function newHeader({ createdAt, requiredKinds = REQUIRED_KINDS, ...content }: HeaderContent): SnapshotHeader {
  const { namespace, epoch, revision, parent, root, records } = content;
  return {
    format: SNAPSHOT_FORMAT, min_reader: SNAPSHOT_FORMAT, namespace, epoch, revision, parent, root, created_at: createdAt.toISOString(), records, required_kinds: [...requiredKinds],
  };
}
