/** What one plugin may use. A limit that is not named is the operator's, or none. */
export interface PluginLimits {
  memoryMb?: number;
  pids?: number;
  nofile?: number;
  /** Processor cores; half a core is 0.5. */
  cpu?: number;
  network?: 'host' | 'none';
  startTimeoutMs?: number;
  /** Of one message; what is larger is refused before it is read. */
  messageBytes?: number;
  /** What all of its streams together may move. */
  streamBytesPerSecond?: number;
}

/** What the operator grants any plugin at most. */
export type LimitCaps = Readonly<Pick<PluginLimits, 'memoryMb' | 'pids' | 'nofile' | 'cpu' | 'messageBytes' | 'streamBytesPerSecond'>>;

/** Limits as they are written in manifests and snapshots. */
export interface WrittenLimits {
  memory_mb?: number;
  pids?: number;
  nofile?: number;
  cpu?: number;
  network?: 'host' | 'none';
  start_timeout_ms?: number;
}

/** Limits that were written down, or undefined when nothing was. */
export function readLimits(written: WrittenLimits | null | undefined): PluginLimits | undefined {
  if (!written) return undefined;
  const { memory_mb: memoryMb, pids, nofile, cpu, network, start_timeout_ms: startTimeoutMs } = written;
  const limits = Object.entries({ memoryMb, pids, nofile, cpu, network, startTimeoutMs }).filter(([, value]) => value !== undefined);
  return limits.length === 0 ? undefined : Object.fromEntries(limits);
}

const CAPPED = ['memoryMb', 'pids', 'nofile', 'cpu', 'messageBytes', 'streamBytesPerSecond'] as const;

/** The smaller of what the plugin asks for and what the operator grants; one that asks for nothing gets what is granted. */
export function capLimits(asked: PluginLimits | undefined, caps: LimitCaps): PluginLimits {
  const limits: PluginLimits = { ...asked };
  for (const name of CAPPED) {
    const cap = caps[name];
    if (cap !== undefined) limits[name] = Math.min(cap, limits[name] ?? cap);
  }
  return limits;
}
