import { parseCgroupMounts } from './cgroup-mounts';

const V1 = `29 26 0:26 / /sys/fs/cgroup/cpu rw,relatime shared:10 - cgroup cgroup rw,cpu,cpuacct
30 26 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
31 26 0:28 /docker/abc /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
32 26 0:29 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw`;

describe('parseCgroupMounts', () => {
  it('finds the folder of this process in each hierarchy of version 1, also where a container sees only a part', () => {
    const { v1, v2 } = parseCgroupMounts(V1, '9:pids:/docker/abc\n4:memory:/process/d1\n1:cpuacct,cpu:/\n0::/\n');
    expect(Object.fromEntries(v1)).toEqual({ cpu: '/sys/fs/cgroup/cpu', memory: '/sys/fs/cgroup/memory/process/d1', pids: '/sys/fs/cgroup/pids' });
    expect(v2).toBe('/sys/fs/cgroup/unified');
  });

  it('finds the folder of this process in version 2', () => {
    const { v1, v2 } = parseCgroupMounts('29 26 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw', '0::/system.slice/sluice.service');
    expect([v1.size, v2]).toEqual([0, '/sys/fs/cgroup/system.slice/sluice.service']);
  });

  it('finds nothing where there is nothing', () => {
    expect(parseCgroupMounts('', '')).toEqual({ v1: new Map(), v2: undefined });
  });
});
