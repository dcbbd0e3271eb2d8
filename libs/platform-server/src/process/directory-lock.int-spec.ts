import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lockDirectory } from './directory-lock';
import { inspectProcess } from './inspect-process';

describe('the lock of a data directory', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'sluice-lock-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('has one living owner', () => {
    const lock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(expect.objectContaining({ code: 'server.directoryInUse' }));
    lock.release();
    lockDirectory(directory).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('passes on from an owner that is dead, also when its number was given again', () => {
    for (const owner of [`{"pid":${process.pid},"startedAt":"another time"}`, '{"pid":4194305,"startedAt":"x"}', '{"pi']) {
      writeFileSync(join(directory, 'owner.json'), owner);
      lockDirectory(directory).release();
    }
  });

  it('knows this process', () => {
    expect(inspectProcess(process.pid)?.startedAt).toBe(inspectProcess(process.pid)?.startedAt);
    expect(inspectProcess(process.pid)?.commandLine).toContain('jest');
    expect(inspectProcess(4_194_305)).toBeNull();
  });
});
