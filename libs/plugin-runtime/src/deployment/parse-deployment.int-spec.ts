import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDeployment } from './parse-deployment';

const directory = mkdtempSync(join(tmpdir(), 'sld-'));
const file = (name: string, mode: number) => {
  const path = join(directory, name);
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
};
const script = file('main.js', 0o600);
const binary = file('echo', 0o700);
const text = file('notes.txt', 0o600);
const spaced = file('with space', 0o700);
const root = join(directory, 'root');
mkdirSync(join(root, 'tools'), { recursive: true });
const inside = file('root/tools/echo', 0o700);
symlinkSync(binary, join(root, 'out'));
symlinkSync(join(root, 'tools'), join(root, 'alias'));
symlinkSync(root, join(directory, 'linked-root'));
const refusal = (message: string) => expect.objectContaining({ code: 'plugin.badCommand', message });

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('parseDeployment', () => {
  it('takes an executable, and a script although it is not executable', () => {
    expect(parseDeployment(`file://${binary}`)).toEqual({ kind: 'file', path: binary });
    expect(parseDeployment(` file://${script}\n`)).toEqual({ kind: 'file', path: script });
    expect(parseDeployment(`file://${spaced.replace(' ', '%20')}`)).toEqual({ kind: 'file', path: spaced });
  });

  it('carries what was pinned', () => {
    expect(parseDeployment(`file://${binary}`, { digest: 'sha256:00' })).toEqual({ kind: 'file', path: binary, digest: 'sha256:00' });
    expect(parseDeployment(`file://${binary}`, { digest: null })).toEqual({ kind: 'file', path: binary });
  });

  it.each([
    ['', 'The plugin command is empty; write one like file:///opt/plugins/echo.'],
    ['/opt/echo', '/opt/echo has no scheme; write it like file:///opt/plugins/echo.'],
    ['file://plugins/echo', 'The path in file://plugins/echo is relative; write it from the root, like file:///opt/plugins/echo.'],
    ['https://example.com/echo', 'https:// is not a plugin scheme; use file://, oci:// or grpc://.'],
    [`file://${directory}/missing`, `There is no file ${directory}/missing.`],
    [`file://${directory}`, `${directory} is not a regular file.`],
    [`file://${text}`, `${text} is not executable; run chmod +x on it.`],
    [`file://${root}/out`, `${root}/out is a symbolic link; name the file that it leads to.`],
  ])('refuses %s', (command, message) => {
    expect(() => parseDeployment(command)).toThrow(refusal(message));
  });
});

describe('parseDeployment with roots', () => {
  it('takes what lies in a root, and looks for relative paths there', () => {
    expect(parseDeployment(`file://${inside}`, { roots: ['/nowhere', root] })).toEqual({ kind: 'file', path: inside });
    expect(parseDeployment('file://tools/echo', { roots: ['/nowhere', root] })).toEqual({ kind: 'file', path: inside });
  });

  it('takes a root that is reached over a symbolic link', () => {
    expect(parseDeployment('file://tools/echo', { roots: [join(directory, 'linked-root')] })).toEqual({ kind: 'file', path: inside });
  });

  it.each([
    [`file://${binary}`, `${binary} does not lie in ${root}, where plugins of this host may lie.`],
    [`file://${root}/../echo`, `${binary} does not lie in ${root}, where plugins of this host may lie.`],
    ['file://../echo', `${binary} does not lie in ${root}, where plugins of this host may lie.`],
    ['file://missing', `There is no file missing in ${root}.`],
    ['file://out', `${root}/out is a symbolic link; below ${root} there may be none on the way to a plugin.`],
    ['file://alias/echo', `${root}/alias is a symbolic link; below ${root} there may be none on the way to a plugin.`],
  ])('refuses %s', (command, message) => {
    expect(() => parseDeployment(command, { roots: [root] })).toThrow(refusal(message));
  });
});
