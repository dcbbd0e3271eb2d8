/** Where the snapshots of one namespace lie in Redis. A gateway needs no right but to read these. */
export interface SnapshotKeys {
  /** A hash: which revision is the newest, and which checkpoint. */
  pointer: string;
  /** A list: the deltas that are kept, oldest first, each as `bytes key`. */
  history: string;
  /** A list: the index blobs that are kept, oldest first. */
  checkpoints: string;
  /** The channel on which new revisions and revocations are announced. */
  channel: string;
  /** The delta that follows a revision; `null` for the first one of an epoch, which starts from nothing. */
  delta(epoch: string, parent: number | null): string;
  index(epoch: string, revision: number): string;
  /** Named by what proves it, so that checkpoints share what is equal. */
  chunk(nodeValue: string): string;
  /** A whole snapshot in format 1: read from a studio one version older, and not written any more. */
  body(epoch: string, revision: number): string;
}

/** The braces make all keys of a namespace fall into one slot of a Redis cluster. */
export function snapshotKeys(namespace: string): SnapshotKeys {
  const prefix = `sluice:snapshot:{${namespaceSegment(namespace)}}`;
  return {
    pointer: `${prefix}:pointer`,
    history: `${prefix}:history`,
    checkpoints: `${prefix}:checkpoints`,
    channel: `${prefix}:announcements`,
    delta: (epoch, parent) => `${prefix}:delta:${encodeURIComponent(epoch)}:${parent ?? 'none'}`,
    index: (epoch, revision) => `${prefix}:index:${encodeURIComponent(epoch)}.${revision}`,
    chunk: (nodeValue) => `${prefix}:chunk:${nodeValue}`,
    body: (epoch, revision) => `${prefix}:body:${encodeURIComponent(epoch)}.${revision}`,
  };
}

/**
 * How a namespace is written in a key or a URL: `''` is `default`, which is therefore no name for another namespace.
 */
export function namespaceSegment(namespace: string): string {
  return namespace === '' ? 'default' : encodeURIComponent(namespace);
}
