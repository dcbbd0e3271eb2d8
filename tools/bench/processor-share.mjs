import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Short, so that a process that has had its part does not stand still for long. */
const periodMicroseconds = 10_000;
const roots = { one: '/sys/fs/cgroup/cpu', two: '/sys/fs/cgroup' };

/**
 * Gives a process no more than this part of a core, with all its threads. Where that fails, the process has what it had. @returns how to end that, once the
 * process has ended.
 */
export function limitProcessor(pid, share) {
  const isOne = existsSync(join(roots.one, 'cpu.cfs_quota_us'));
  const folder = join(isOne ? roots.one : roots.two, `sluice-bench-${pid}`);
  const quota = Math.round(share * periodMicroseconds);
  let made = false;
  try {
    mkdirSync(folder);
    made = true;
    if (isOne) {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(periodMicroseconds));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
    } else writeFileSync(join(folder, 'cpu.max'), `${quota} ${periodMicroseconds}`);
    writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  } catch (error) {
    if (made) rmdirSync(folder);
    throw new Error(`A process cannot be given a part of a core here, which takes root and a cgroup with the cpu controller: ${error.message}`);
  }
  return () => rmdirSync(folder);
}
