export type CgroupController = 'memory' | 'pids' | 'cpu';

export interface CgroupMounts {
  /** The folder of this process in each hierarchy of version 1. */
  v1: ReadonlyMap<CgroupController, string>;
  /** Its folder in version 2. */
  v2: string | undefined;
}

const CONTROLLERS: readonly CgroupController[] = ['memory', 'pids', 'cpu'];

/** Where this process is in the control groups, from the texts of /proc/self/mountinfo and /proc/self/cgroup. */
export function parseCgroupMounts(mountinfo: string, cgroup: string): CgroupMounts {
  const v1 = new Map<CgroupController, string>();
  let v2: string | undefined;
  const memberships = cgroup.split('\n').map((line) => line.split(':')).filter((parts) => parts.length >= 3).map(([, names = '', ...path]) => [names, path.join(':')] as const);
  for (const line of mountinfo.split('\n')) {
    const [mount = '', system = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = mount.split(' ');
    const [type, , options = ''] = system.split(' ');
    if (type === 'cgroup2') v2 ??= folderOf(point, root, memberships.find(([names]) => names === '')?.[1]);
    if (type !== 'cgroup') continue;
    for (const controller of CONTROLLERS.filter((name) => options.split(',').includes(name))) {
      const folder = folderOf(point, root, memberships.find(([names]) => names.split(',').includes(controller))?.[1]);
      if (folder !== undefined && !v1.has(controller)) v1.set(controller, folder);
    }
  }
  return { v1, v2 };
}

/** A container sees only a part of the hierarchy, from `root` on. */
function folderOf(point: string, root: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const below = root !== '/' && path.startsWith(root) ? path.slice(root.length) : path;
  return below === '/' || below === '' ? point : `${point}${below}`;
}
