import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CgroupTree, CgroupTreeV1, CgroupTreeV2 } from './cgroup-tree';

const LIMITS = { memoryMb: 64, pids: 20, cpu: 0.25 };
const base = mkdtempSync(join(tmpdir(), 'slc-'));
const v1 = (name: string) => new CgroupTreeV1(new Map([['memory', join(base, name)], ['pids', base], ['cpu', join(base, name)]]));

afterAll(() => rmSync(base, { recursive: true, force: true }));

// Folders that look like control groups: the files that the kernel would make are written, and read, as files.
describe('a control group', () => {
  it('of version 2 has every limit in one folder', () => {
    const group = new CgroupTreeV2(base, new Set(['memory', 'pids', 'cpu'])).create('two', LIMITS);
    const read = (file: string) => readFileSync(join(base, 'two', file), 'utf8');
    expect(group.folders).toEqual([join(base, 'two')]);
    expect([read('memory.max'), read('memory.swap.max'), read('pids.max'), read('cpu.max')]).toEqual([String(64 * 1_048_576), '0', '20', '2500 10000']);
  });

  it('gives a small share of a core in longer periods, because the kernel takes no less than a millisecond', () => {
    new CgroupTreeV2(base, new Set(['cpu'])).create('small', { cpu: 0.02 });
    expect(readFileSync(join(base, 'small', 'cpu.max'), 'utf8')).toBe('1000 50000');
  });

  it('of version 2 tells from its counters what happened', () => {
    const group = new CgroupTreeV2(base, new Set(['memory'])).create('told', {});
    expect([group.ranOutOfMemory, group.refusedForks, group.heldBack]).toEqual([false, 0, 0]);
    writeFileSync(join(base, 'told', 'memory.events'), 'low 0\noom 1\noom_kill 1\n');
    writeFileSync(join(base, 'told', 'pids.events'), 'max 7\n');
    writeFileSync(join(base, 'told', 'cpu.stat'), 'nr_periods 10\nnr_throttled 9\n');
    expect([group.ranOutOfMemory, group.refusedForks, group.heldBack]).toEqual([true, 7, 9]);
  });

  it('stands back where there is an order to stand back in', () => {
    const group = new CgroupTreeV2(base, new Set(['cpu'])).create('back', {});
    const file = join(base, 'back', 'cpu.idle');
    group.standBack(true);
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, '0');
    group.standBack(true);
    expect(readFileSync(file, 'utf8')).toBe('1');
    group.standBack(false);
    expect(readFileSync(file, 'utf8')).toBe('0');
  });

  it('has more or fewer cores later', () => {
    const group = new CgroupTreeV2(base, new Set(['cpu'])).create('fewer', { cpu: 2 });
    group.limitCores(0.5);
    expect(readFileSync(join(base, 'fewer', 'cpu.max'), 'utf8')).toBe('5000 10000');
    expect(existsSync(join(base, 'fewer', 'cpu.cfs_quota_us'))).toBe(false);
  });

  it('of version 1 is made only where something is limited, and always where processes are counted', () => {
    const tree: CgroupTree = new CgroupTreeV1(new Map([['memory', base], ['pids', base]]));
    expect(tree.create('one', {}).folders).toEqual([join(base, 'one')]);
    expect(tree.controllers).toEqual(new Set(['memory', 'pids']));
  });

  it('that the kernel refuses is said to be refused, and nothing is left of it', () => {
    expect(() => v1('missing').create('three', LIMITS)).toThrow(/ENOENT/);
  });
});
