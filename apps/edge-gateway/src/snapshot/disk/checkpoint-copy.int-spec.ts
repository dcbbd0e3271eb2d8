import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointCopy } from './checkpoint-copy';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'sluice-copy-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const copy = (makeFolder: () => Promise<unknown> = async () => undefined) => new CheckpointCopy(join(folder, 'copy'), Buffer.alloc(9_000), makeFolder);
const target = () => join(folder, 'checkpoint');

describe('a copy of a checkpoint', () => {
  it('has its name when it is whole, and not before', async () => {
    const one = copy();
    for (let prefix = 0; prefix < 10; prefix++) one.add(prefix, Buffer.from('chunk\n'));
    expect(await readdir(folder)).not.toContain('checkpoint');
    expect(await one.finish(target())).toBe(true);
    expect(await readdir(folder)).toEqual(['checkpoint']);
  });

  it('leaves nothing behind when it is given up', async () => {
    const one = copy();
    one.add(0, Buffer.from('chunk\n'));
    await one.abandon();
    expect(await one.finish(target())).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not made where the disk fails', async () => {
    const one = copy(() => Promise.reject(new Error('No space left on device.')));
    one.add(0, Buffer.from('chunk\n'));
    expect(await one.finish(target())).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('holds up nobody where the disk does not answer, and is given up then', async () => {
    let answer!: () => void;
    const one = copy(() => new Promise<void>((resolve) => (answer = resolve)));
    one.add(0, Buffer.from('chunk\n'));
    await new Promise((resolve) => setImmediate(resolve));
    for (let prefix = 1; prefix < 200; prefix++) one.add(prefix, Buffer.from('chunk\n'));
    answer();
    expect(await one.finish(target())).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });
});
