import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOrphans } from '../process/end-orphans';
import { silentLogger } from '../testing/test-host';
import { makeRelayFolder } from './relay-folder';

let runDirectory: string;
beforeEach(() => (runDirectory = mkdtempSync(join(tmpdir(), 'slr-'))));
afterEach(() => rmSync(runDirectory, { recursive: true, force: true }));

describe('a folder for relays', () => {
  it('is swept when its host was killed, and not while that lives', () => {
    const [left, kept] = [makeRelayFolder(runDirectory, silentLogger()), makeRelayFolder(runDirectory, silentLogger())];
    writeFileSync(join(left.path, '1.sock'), '');
    writeFileSync(join(left.path, 'process.json'), JSON.stringify({ host: { pid: process.pid, startTime: '1' }, plugin: null }));
    endOrphans(runDirectory, silentLogger());
    expect([left, kept].map(({ path }) => existsSync(path))).toEqual([false, true]);
  });
});
