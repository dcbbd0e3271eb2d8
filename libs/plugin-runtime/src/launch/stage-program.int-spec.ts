import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestProgram } from '../deployment/program-digest';
import { stageProgram } from './stage-program';

let folder: string;
let directory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-'));
  directory = mkdtempSync(join(tmpdir(), 'sls-'));
});
afterEach(() => {
  for (const path of [folder, directory]) rmSync(path, { recursive: true, force: true });
});

function write(name: string, content: string, mode = 0o644): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** An executable of a machine's own kind that prints its arguments. */
function executable(): string {
  const path = join(folder, 'plugin');
  copyFileSync('/bin/echo', path);
  chmodSync(path, 0o755);
  return path;
}

const stage = (path: string, digest?: string, pathIsReal = false) => stageProgram({ path, digest, pathIsReal }, directory);

describe('an executable', () => {
  it('runs as a copy of the very bytes that were compared, whatever happens to the file then', async () => {
    const path = executable();
    const program = await stage(path, await digestProgram(path));
    expect(program).toEqual({ file: join(directory, 'program'), args: [], folder });
    writeFileSync(path, '#!/bin/sh\necho exchanged\n');
    expect(execFileSync(program.file, ['original']).toString()).toBe('original\n');
  });

  it('that was exchanged since it was registered is refused with both digests', async () => {
    const path = executable();
    const pinned = await digestProgram(path);
    copyFileSync('/bin/ls', path);
    const found = await digestProgram(path);
    expect(found).toMatch(/^sha256:[0-9a-f]{64}$/);
    await expect(stage(path, pinned)).rejects.toThrow(
      `${path} has changed since the plugin was registered: it is ${found}, and ${pinned} was pinned. If that is wanted, register it anew with validate-and-load.`,
    );
  });

  it('runs where it lies when nothing was pinned', async () => {
    const path = executable();
    expect(await stage(path)).toEqual({ file: path, args: [], folder });
  });

  it('that became a symbolic link, or is reached over one, is refused', async () => {
    const path = executable();
    renameSync(path, `${path}-2`);
    symlinkSync(`${path}-2`, path);
    await expect(stage(path)).rejects.toThrow(`${path} is a symbolic link; name the file that it leads to.`);
    const real = write('real/plugin', '', 0o755);
    symlinkSync(join(folder, 'real'), join(folder, 'detour'));
    await expect(stage(join(folder, 'detour/plugin'), undefined, true)).rejects.toThrow(`is now reached over a symbolic link; it leads to ${real}.`);
  });

  it('that is gone is said to be gone', async () => {
    await expect(stage('/nowhere/plugin')).rejects.toThrow('There is no file /nowhere/plugin.');
  });
});

describe('a script', () => {
  it('runs where it lies once its whole folder is what was registered', async () => {
    const path = write('main.js', 'require("./lib/part");');
    write('lib/part.js', 'exports.a = 1;');
    const pinned = await digestProgram(path);
    expect(await stage(path, pinned)).toEqual({ file: process.execPath, args: [path], folder });
    write('lib/part.js', 'exports.a = 2;');
    const found = await digestProgram(path);
    await expect(stage(path, pinned)).rejects.toThrow(`the folder ${folder} is ${found}, and ${pinned} was pinned.`);
  });

  it('of another interpreter is a script as well', async () => {
    const path = write('main.py', '#!/usr/bin/env python3\n', 0o755);
    const pinned = await digestProgram(path);
    expect(await stage(path, pinned)).toEqual({ file: path, args: [], folder });
    write('helper.py', '');
    await expect(stage(path, pinned)).rejects.toThrow('has changed');
  });

  it('has a digest that anybody can compute', async () => {
    const path = write('main.js', 'one');
    write('a/b.js', 'two');
    symlinkSync('a/b.js', join(folder, 'link.js'));
    const sum = (text: string) => execFileSync('sha256sum', { input: text }).toString().slice(0, 64);
    const lines = [`entry main.js`, `file ${sum('two')} a/b.js`, `link a/b.js link.js`, `file ${sum('one')} main.js`];
    expect(await digestProgram(path)).toBe(`sha256:${sum(lines.map((line) => `${line}\n`).join(''))}`);
  });

  it('may not have a link that leads out of its folder', async () => {
    const path = write('main.js', '');
    symlinkSync('/etc/hostname', join(folder, 'out'));
    await expect(digestProgram(path)).rejects.toThrow(`${folder}/out is a symbolic link that leads out of the plugin's folder.`);
  });
});
