import { createPublicKey } from 'node:crypto';
import { encodeIndex, keyIdOf, openDelta, openIndex, proveChunk, readRecord, RecordTree, recordHash, type SnapshotTrust } from '@sluice/config-snapshot';
import { DataSource } from 'typeorm';
import { ECHO_PLUGIN } from '../../../testing/plugin-files';
import { TestStudio } from '../../../testing/test-studio';
import { RevisionService } from '../revision.service';
import { RecordStore } from '../storage/record-store';
import { RevisionStore } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';
import { RevisionBuilder } from './revision-builder';
import { SnapshotTrees } from './snapshot-trees';

jest.setTimeout(60_000);

describe('building revisions', () => {
  let studio: TestStudio;
  let trust: SnapshotTrust;
  beforeAll(async () => {
    // Nobody publishes here: what is built is what a test builds.
    studio = await TestStudio.start({ environment: { STUDIO_ROLE: 'api' } });
    const key = createPublicKey(studio.config.snapshotSigningKey);
    trust = { publicKeys: new Map([[keyIdOf(key), key]]), namespace: '' };
  });
  afterAll(() => studio?.close());

  const build = (namespace = ''): Promise<StoredRevision> => studio.app.get(RevisionBuilder).current(namespace);
  const sql = <T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]> => studio.app.get(DataSource).query(text, values);

  async function make(path: string, body: object): Promise<number> {
    const answer = await studio.call('POST', `/api/v1/${path}`, { body });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
    return answer.body.data.id;
  }
  async function change(status: number, method: string, path: string, body?: object): Promise<void> {
    expect(await studio.call(method, `/api/v1/${path}`, { body })).toMatchObject({ status });
  }

  /** The names of all records, read as a gateway reads them: index and chunks, each proved by the one before. */
  async function namesIn(stored: StoredRevision): Promise<string[]> {
    const tree = await studio.app.get(SnapshotTrees).of(studio.app.get(DataSource).manager, stored);
    const opened = openIndex(encodeIndex(stored.signed, tree), { ...trust, namespace: stored.namespace });
    const names: string[] = [];
    for (let prefix = 0; prefix < 256; prefix++) {
      const chunk = await studio.app.get(RecordStore).chunk(stored, prefix);
      const proved = proveChunk(chunk, prefix, opened.index.subarray(prefix * 32, prefix * 32 + 32));
      for (let position = 0; position < proved.count; position++) {
        const { record } = readRecord(proved.text(position));
        names.push(`${record.kind} ${record.id}`);
      }
    }
    expect(names).toHaveLength(stored.records);
    return names.sort();
  }

  async function deltaTo(stored: StoredRevision): Promise<{ deletes: string[]; upserts: string[]; bytes: number }> {
    const [delta] = (await studio.app.get(RevisionStore).deltasAfter(stored.namespace, stored.epoch, stored.parent!, 1e9))!;
    const opened = openDelta(delta!.bytes, { ...trust, namespace: stored.namespace }, { epoch: stored.epoch, revision: stored.parent! });
    const changes = [...opened.changes()];
    const upserts = changes.flatMap((change) => (change.change === 'upsert' ? [`${change.record.kind} ${change.record.id}`] : []));
    const deletes = changes.flatMap((change) => (change.change === 'delete' ? [`${change.name.kind} ${change.name.id}`] : []));
    return { deletes, upserts, bytes: delta!.bytes.length };
  }

  it('begins with the whole, and goes on with what was touched', async () => {
    const first = await build();
    expect(first).toMatchObject({ parent: null, deletes: 0 });
    const app = await make('apps', { name: 'One' });
    const token = await make(`apps/${app}/tokens`, { name: 't', scopes: [] });
    const second = await build();
    expect(second).toMatchObject({ parent: first.revision, revision: first.revision + 2, upserts: 2, deletes: 0 });
    expect(await deltaTo(second)).toMatchObject({ deletes: [], upserts: expect.arrayContaining([`app ${app}`, `token ${token}`]) });
    expect(await namesIn(second)).toEqual(expect.arrayContaining([`app ${app}`, `token ${token}`]));
    expect(await build()).toEqual(second);
  });

  it('takes tokens away with their app, first, and brings them back with it', async () => {
    const app = await make('apps', { name: 'Two' });
    const token = await make(`apps/${app}/tokens`, { name: 't', scopes: [] });
    await build();
    await change(200, 'PATCH', `apps/${app}`, { is_active: false });
    expect(await deltaTo(await build())).toMatchObject({ deletes: [`token ${token}`, `app ${app}`], upserts: [] });
    await change(200, 'PATCH', `apps/${app}`, { is_active: true });
    expect((await deltaTo(await build())).upserts).toEqual(expect.arrayContaining([`token ${token}`, `app ${app}`]));
    await change(204, 'DELETE', `apps/${app}/tokens/${token}`);
    expect(await deltaTo(await build())).toMatchObject({ deletes: [`token ${token}`], upserts: [] });
    await change(204, 'DELETE', `apps/${app}`);
    expect(await deltaTo(await build())).toMatchObject({ deletes: [`app ${app}`], upserts: [] });
  });

  it('moves an app from namespace to namespace', async () => {
    const app = await make('apps', { name: 'Three', namespace: 'eu' });
    const token = await make(`apps/${app}/tokens`, { name: 't', scopes: [] });
    await make('apps', { name: 'Four', namespace: 'us' });
    const before = await build('eu');
    expect(await namesIn(before)).toContain(`token ${token}`);
    expect(await namesIn(await build('us'))).not.toContain(`app ${app}`);
    await change(200, 'PATCH', `apps/${app}`, { namespace: 'us' });
    expect((await deltaTo(await build('eu'))).deletes).toEqual([`token ${token}`, `app ${app}`]);
    expect((await deltaTo(await build('us'))).upserts).toEqual(expect.arrayContaining([`token ${token}`, `app ${app}`]));
    expect(await namesIn(await build(''))).not.toContain(`app ${app}`);
  });

  it('tells of an owner with another address in every app of theirs', async () => {
    const owner = await make('users', { email: 'first@example.com', password: 'correct horse battery' });
    const app = await make('apps', { name: 'Owned', owner_id: owner });
    await build();
    await change(200, 'PATCH', `users/${owner}`, { email: 'second@example.com' });
    expect(await deltaTo(await build())).toMatchObject({ deletes: [], upserts: [`app ${app}`] });
  });

  it('signs a revision without changes for a write that gateways do not see', async () => {
    const plugin = await make('plugins', { name: 'Echo', command: ECHO_PLUGIN, config: { slug: 'builder' } });
    const before = await build();
    expect((await deltaTo(before)).upserts).toEqual([`plugin ${plugin}`]);
    await change(200, 'PATCH', `plugins/${plugin}`, { description: 'Only the studio knows.' });
    const after = await build();
    expect(after).toMatchObject({ root: before.root, upserts: 0, deletes: 0 });
    expect(after.revision).toBeGreaterThan(before.revision);
  });

  it('needs less than 1 KB for the change of one app', async () => {
    const app = await make('apps', { name: 'Small', description: 'An app with a sentence of description.' });
    await build();
    await change(200, 'PATCH', `apps/${app}`, { name: 'Smaller' });
    expect((await deltaTo(await build())).bytes).toBeLessThan(1_024);
  });

  it('is the same for whoever builds, and follows what others built', async () => {
    const other = new SnapshotTrees(studio.app.get(RecordStore));
    const { manager } = studio.app.get(DataSource);
    await other.of(manager, await build());
    for (const name of ['a', 'b', 'c']) await make('apps', { name });
    await build();
    await change(200, 'PATCH', `apps/${await make('apps', { name: 'd' })}`, { name: 'e' });
    const newest = await build();
    const followed = await other.of(manager, newest);
    expect(followed.root()).toBe(newest.root);
    const texts = await sql<{ text: string }>('SELECT text FROM snapshot_records WHERE namespace = $1 AND to_revision IS NULL', ['']);
    expect(RecordTree.of(texts.map(({ text }) => recordHash(text))).root()).toBe(newest.root);
  });

  it('builds one revision when many ask at once', async () => {
    await make('apps', { name: 'Once' });
    const built = await Promise.all(Array.from({ length: 8 }, () => build()));
    expect(new Set(built.map(({ revision }) => revision)).size).toBe(1);
  });

  it('looks at the whole when a write did not say what it touched, before it leaves a token without its app', async () => {
    const app = await make('apps', { name: 'Careless' });
    await make(`apps/${app}/tokens`, { name: 't', scopes: [] });
    await build();
    await studio.app.get(DataSource).transaction(async (tx) => {
      await tx.query('UPDATE apps SET is_active = false WHERE id = $1', [app]);
      await studio.app.get(RevisionService).bump(tx, '', [{ kind: 'app', id: app }]);
    });
    const stored = await build();
    expect(stored).toMatchObject({ upserts: 0, deletes: 2 });
    expect(await namesIn(stored)).not.toContain(`app ${app}`);
  });

  it('leaves nothing of a build that failed, and builds it when it is asked again', async () => {
    const before = await build();
    await make('apps', { name: 'Interrupted' });
    const add = jest.spyOn(studio.app.get(RevisionStore), 'add').mockRejectedValueOnce(new Error('gone'));
    await expect(build()).rejects.toThrow('gone');
    add.mockRestore();
    expect(await studio.app.get(RevisionStore).newest('')).toEqual(before);
    const after = await build();
    expect(after).toMatchObject({ parent: before.revision, upserts: 1 });
    await namesIn(after);
  });

  it('keeps versions as they were written', async () => {
    await expect(sql(`UPDATE snapshot_records SET text = 'x' WHERE to_revision IS NULL`)).rejects.toThrow('snapshots are immutable');
    await expect(sql(`UPDATE snapshot_records SET to_revision = 1 WHERE to_revision IS NOT NULL`)).rejects.toThrow('snapshots are immutable');
    await expect(sql(`UPDATE snapshot_revisions SET root = 'x'`)).rejects.toThrow('snapshots are immutable');
  });
});
