import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConformanceReport } from '@sluice/plugin-runtime/testing';
import { createProgram } from '../program';

// Real plugin processes on a busy machine.
jest.setTimeout(60_000);

const ECHO = resolve(__dirname, '../../../../examples/plugins/echo-endpoint/dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sluice(...args: string[]): Promise<{ printed: string; warned: string; exitCode: number | undefined }> {
  const result = { printed: '', warned: '', exitCode: undefined as number | undefined };
  const program = createProgram({
    print: (text) => (result.printed += text),
    warn: (text) => (result.warned += text),
    setExitCode: (code) => (result.exitCode = code),
  });
  await program.parseAsync(args, { from: 'user' });
  return result;
}

describe('sluice conform', () => {
  it('ends with 0 and shows what it looked at when the plugin keeps the rules', async () => {
    const { printed, exitCode } = await sluice('conform', ECHO, '--only', 'handshake', 'describe.manifest');
    expect(printed).toContain('ok      handshake.line: prints a go-plugin handshake');
    expect(printed).toContain('com.example.echo-endpoint 1.0.0 (custom_endpoint, studio_ui, config_provider)');
    expect(printed).toContain('4 passed, 0 failed, 0 skipped');
    expect(exitCode).toBe(0);
  });

  it.each(['lane', 'grpc-js'])('calls the plugin over the transport that is named: %s', async (transport) => {
    const { printed, exitCode } = await sluice('conform', ECHO, '--only', 'initialize.accepts', '--transport', transport);
    expect(printed).toContain('1 passed, 0 failed, 0 skipped');
    expect(exitCode).toBe(0);
  });

  it('ends with 1 and says what to mend when it breaks one', async () => {
    const { printed, exitCode } = await sluice('conform', join(folder, 'not-there'), '--only', 'handshake.line');
    expect(printed).toMatch(/FAILED {2}handshake\.line.*\n +The plugin ended before its handshake because it could not be started/);
    expect(printed).toContain('To mend:');
    expect(exitCode).toBe(1);
  });

  it('prints JSON and nothing else, and writes JUnit XML', async () => {
    const file = join(folder, 'report.xml');
    const { printed } = await sluice('conform', ECHO, '--only', 'initialize.accepts', '--config', 'slug=mine', '--json', '--junit', file);
    const report = JSON.parse(printed) as ConformanceReport;
    expect(report).toMatchObject({ plugin: { id: 'com.example.echo-endpoint' }, passed: 1, failed: 0 });
    expect(readFileSync(file, 'utf8')).toContain('<testcase classname="initialize" name="initialize.accepts: takes a config that its schema allows"');
  });


  it.each([
    [['oci://registry/plugin'], 'sluice: oci:// cannot be tested; name a file, file://… or grpc://host:port.\n'],
    [[ECHO, '--only', 'handshaek'], 'sluice: There is no check handshaek.\n'],
    [[ECHO, '--config', 'slug'], 'sluice: slug is not like key=value.\n'],
  ])('ends with 2 when nothing could be tested: %j', async (args, warned) => {
    expect(await sluice('conform', ...args)).toEqual({ printed: '', warned, exitCode: 2 });
  });
});
