import { appendFileSync, copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitFor } from '@sluice/testing';
import { DataSource } from 'typeorm';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { TestStudio, type Answer } from '../../testing/test-studio';

const BUILT = resolve(ECHO_PLUGIN.slice('file://'.length), '..');
const SHA256 = /^sha256:[0-9a-f]{64}$/;

jest.setTimeout(60_000);

describe('what is pinned when a plugin is registered', () => {
  const parent = mkdtempSync(join(tmpdir(), 'sluice-pinned-'));
  const folder = join(parent, 'dist');
  const entry = join(folder, 'main.js');
  let studio: TestStudio;
  let id: number;
  let digest: string;

  beforeAll(async () => {
    cpSync(BUILT, folder, { recursive: true });
    symlinkSync(resolve(BUILT, '../../../../node_modules'), join(parent, 'node_modules'));
    studio = await TestStudio.start();
    const { status, body } = await call('POST', '', { name: 'Echo', command: `file://${entry}`, config: { slug: 'pinned' } });
    expect({ status, body }).toMatchObject({ status: 201 });
    ({ id, digest } = body.data);
  });
  afterAll(async () => {
    await studio.close();
    rmSync(parent, { recursive: true, force: true });
  });

  const call = (method: string, path: string, body?: unknown): Promise<Answer> => studio.call(method, `/api/v1/plugins${path}`, { body });
  const state = async () => (await call('GET', `/${id}/status`)).body.data.studio;

  it('is shown', async () => {
    expect(digest).toMatch(SHA256);
    expect((await call('GET', `/${id}`)).body.data.digest).toBe(digest);
  });

  it('is all that starts: a file that was exchanged is refused with both digests', async () => {
    await waitFor(async () => (await state())?.state === 'ready', { timeoutMs: 20_000 });
    appendFileSync(join(folder, 'routes.js'), '\n// exchanged\n');
    await call('POST', `/${id}/reload`);
    await waitFor(async () => (await state())?.reload_failed !== null, { timeoutMs: 20_000 });
    const { reload_failed: reason } = await state();
    expect(reason).toContain(`${entry} has changed since the plugin was registered: the folder ${folder} is sha256:`);
    expect(reason).toContain(`, and ${digest} was pinned.`);
  });

  it('changes with validate-and-load, which leaves a row in the audit trail', async () => {
    const { status, body } = await call('POST', `/${id}/validate-and-load`);
    expect(status).toBe(200);
    expect(body.data.digest).toMatch(SHA256);
    expect(body.data.digest).not.toBe(digest);
    await waitFor(async () => (await state())?.reload_failed === null, { timeoutMs: 20_000 });
    const rows = await studio.app.get(DataSource).query(`SELECT changes FROM audit_entries WHERE action = 'plugin.validate_and_load'`);
    expect(JSON.stringify(rows)).toContain(body.data.digest);
  });

  it('changes with the command', async () => {
    const other = join(folder, 'other.js');
    copyFileSync(entry, other);
    const { status, body } = await call('PATCH', `/${id}`, { command: `file://${other}` });
    expect({ status, digest: body.data.digest }).toMatchObject({ status: 200, digest: expect.stringMatching(SHA256) });
  });

  it('is not taken over a symbolic link', async () => {
    const link = join(parent, 'plugin.js');
    symlinkSync(entry, link);
    const { status, body } = await call('POST', '', { name: 'Linked', command: `file://${link}`, config: { slug: 'linked' } });
    expect({ status, detail: body.detail }).toEqual({ status: 400, detail: `${link} is a symbolic link; name the file that it leads to.` });
  });
});
