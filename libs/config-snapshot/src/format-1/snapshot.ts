import type { SnapshotRecord } from '../records';

/** The number of the older format, a single JSON body. */
export const FORMAT_1 = 1;

/** What is signed. Keys stand in the JSON as they stand here. */
export interface Format1Header {
  format: number;
  /** Whose gateways it is for; `''` is the default namespace. */
  namespace: string;
  /** Changes after a restore from backup, so that revisions of two histories are never compared. */
  epoch: string;
  /** Grows with every write that gateways care about. */
  revision: number;
  /** The revision before it, or null for the first. */
  parent: number | null;
  /** SHA-256 over the sorted list of record hashes; lower-case hex. */
  root: string;
  /** RFC 3339, UTC. */
  created_at: string;
}

/** The whole body, as it lies in Redis, behind the studio's URL and on a gateway's disk. */
export interface SignedSnapshot {
  header: Format1Header;
  /** Which public key checks it: the first 16 hex digits of the SHA-256 of the raw key. */
  key_id: string;
  /** Ed25519 over the canonical bytes of the header; base64url. */
  signature: string;
  records: SnapshotRecord[];
}
