import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(120_000);

describe('the check of proto/', () => {
  const check = (environment: Record<string, string | undefined>): string => execFileSync(process.execPath, [join(__dirname, 'lint.mjs')], { env: { ...process.env, ...environment } }).toString();

  it('says that git is missing, and not that there was no commit', () => {
    expect(check({ PATH: '/nowhere' })).toBe('proto: lint passed\nproto: not compared with an earlier state: git is not installed\n');
  });

  it('says that there is no checkout', () => {
    expect(check({ GIT_DIR: '/nowhere' })).toBe('proto: lint passed\nproto: not compared with an earlier state: this is no git checkout with a commit\n');
  });
});
