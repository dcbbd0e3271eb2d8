import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Above what Linux gives to any process. */
const NOBODY = 4_194_305;
const FOLDERS = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].filter((folder) => existsSync(folder));

it('leaves no group behind where a process cannot be given its part', () => {
  const script = `
    const { limitProcessor } = await import(${JSON.stringify(pathToFileURL(join(__dirname, 'processor-share.mjs')).href)});
    try { limitProcessor(${NOBODY}, 0.5); } catch (error) { console.log(error.message); }
  `;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toMatch(/^A process cannot be given a part of a core here/);
  expect(FOLDERS.flatMap((folder) => readdirSync(folder)).filter((name) => name.endsWith(`-${NOBODY}`))).toEqual([]);
});
