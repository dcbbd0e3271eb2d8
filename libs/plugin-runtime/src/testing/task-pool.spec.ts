import { TaskPool } from './task-pool';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('TaskPool', () => {
  it('does a few things at a time, in their order, and tells each outcome', async () => {
    const pool = new TaskPool(2);
    const ends: (() => void)[] = [];
    const tasks = [1, 2, 3].map((n) => pool.add(() => new Promise<number>((resolve) => ends.push(() => resolve(n)))));
    expect(ends).toHaveLength(0);
    pool.start();
    expect(ends).toHaveLength(2);
    ends[1]!();
    expect(await tasks[1]!()).toBe(2);
    await turn();
    expect(ends).toHaveLength(3);
    ends[0]!();
    ends[2]!();
    await pool.idle();
    expect(await Promise.all(tasks.map((task) => task()))).toEqual([1, 2, 3]);
  });

  it('goes on after a failure, which is told to whoever asks', async () => {
    const pool = new TaskPool(1);
    const failing = pool.add(() => Promise.reject(new Error('no')));
    const next = pool.add(async () => 'yes');
    pool.start();
    expect(await next()).toBe('yes');
    await expect(failing()).rejects.toThrow('no');
  });

  it('begins nothing after its end', async () => {
    const pool = new TaskPool(1);
    let begun = false;
    pool.add(async () => (begun = true));
    await pool.end();
    pool.start();
    await pool.idle();
    expect(begun).toBe(false);
  });
});
