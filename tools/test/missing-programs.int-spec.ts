import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODULE = JSON.stringify(join(__dirname, 'missing-programs.mjs'));

describe('the programs that tests are skipped without', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-programs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const install = (...names: string[]): void => {
    for (const name of names) {
      writeFileSync(join(folder, name), '');
      chmodSync(join(folder, name), 0o755);
    }
  };
  const note = (): string => execFileSync(process.execPath, ['--input-type=module', '-e', `import { missingNote } from ${MODULE}; process.stdout.write(missingNote(${JSON.stringify(folder)}));`]).toString();

  it('are each named, and nothing is said when none is missing', () => {
    expect(note()).toBe('\n  (Not installed: bash, Chromium, curl, docker-registry, git, Go, redis-server.)');
    install('go', 'git', 'bash', 'curl', 'google-chrome');
    expect(note()).toBe('\n  (Not installed: docker-registry, redis-server.)');
    install('docker-registry', 'redis-server');
    expect(note()).toBe('');
  });
});
