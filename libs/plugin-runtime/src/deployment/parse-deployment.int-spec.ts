import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('parseDeployment', () => {
  it('takes an executable, and a script although it is not executable', () => {
    expect(parseDeployment(`file://${binary}`)).toEqual({ kind: 'file', path: binary });
    expect(parseDeployment(` file://${script}\n`)).toEqual({ kind: 'file', path: script });
    expect(parseDeployment(`file://${spaced.replace(' ', '%20')}`)).toEqual({ kind: 'file', path: spaced });
  });

  it.each([
    ['', 'The plugin command is empty; write one like file:///opt/plugins/echo.'],
    ['/opt/echo', '/opt/echo has no scheme; write it like file:///opt/plugins/echo.'],
    ['file://plugins/echo', 'The path in file://plugins/echo is relative; write it from the root, like file:///opt/plugins/echo.'],
    ['grpc://127.0.0.1:9000', 'grpc:// plugins are not supported yet; use file://.'],
    ['oci://registry/echo:1', 'oci:// plugins are not supported yet; use file://.'],
    ['https://example.com/echo', 'https:// is not a plugin scheme; use file://.'],
    [`file://${directory}/missing`, `There is no file ${directory}/missing.`],
    [`file://${directory}`, `${directory} is not a regular file.`],
    [`file://${text}`, `${text} is not executable; run chmod +x on it.`],
  ])('refuses %s', (command, message) => {
    expect(() => parseDeployment(command)).toThrow(expect.objectContaining({ code: 'plugin.badCommand', message }));
  });
});
