/** Short, so that a plugin with a lot to do does not hold a core for longer at a time than others should wait. */
const SHORTEST_PERIOD_US = 10_000;
/** The kernel takes no less. */
const SMALLEST_QUOTA_US = 1_000;

/** After how many microseconds the kernel gives a plugin of this many cores its processor time anew. */
export function cpuPeriodUs(cores: number): number {
  return Math.min(1_000_000, Math.max(SHORTEST_PERIOD_US, Math.ceil(SMALLEST_QUOTA_US / cores)));
}

/** What is written into which files of a control group, in this order, so that its processes have this many cores. */
export function cpuFiles(cores: number): Record<'v1' | 'v2', readonly [file: string, value: string][]> {
  const period = cpuPeriodUs(cores);
  const quota = Math.max(SMALLEST_QUOTA_US, Math.round(cores * period));
  return { v1: [['cpu.cfs_period_us', `${period}`], ['cpu.cfs_quota_us', `${quota}`]], v2: [['cpu.max', `${quota} ${period}`]] };
}
