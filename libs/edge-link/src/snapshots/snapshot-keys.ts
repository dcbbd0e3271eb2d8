/** Where the snapshots of one namespace lie in Redis. A gateway needs no right but to read these. */
export interface SnapshotKeys {
  /** A hash: which body is the newest. */
  pointer: string;
  /** A list: the bodies that are kept, oldest first. */
  history: string;
  /** The channel on which a new pointer is announced. */
  channel: string;
  body(epoch: string, revision: number): string;
}

/** The braces make all keys of a namespace fall into one slot of a Redis cluster. */
export function snapshotKeys(namespace: string): SnapshotKeys {
  const prefix = `sluice:snapshot:{${namespaceSegment(namespace)}}`;
  return {
    pointer: `${prefix}:pointer`,
    history: `${prefix}:history`,
    channel: `${prefix}:announcements`,
    body: (epoch, revision) => `${prefix}:body:${encodeURIComponent(epoch)}.${revision}`,
  };
}

/**
 * How a namespace is written in a key or a URL: `''` is `default`, which is therefore no name for another namespace.
 */
export function namespaceSegment(namespace: string): string {
  return namespace === '' ? 'default' : encodeURIComponent(namespace);
}
