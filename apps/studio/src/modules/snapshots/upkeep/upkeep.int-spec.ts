import { FakeClock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { TestStudio } from '../../../testing/test-studio';
import { RevisionBuilder } from '../building/revision-builder';
import { RevisionStore } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';
import { beginEpoch } from './begin-epoch';
import { SnapshotReconciler } from './snapshot-reconciler';
import { SnapshotRetention } from './snapshot-retention';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;

describe('the upkeep of snapshots', () => {
  let studio: TestStudio;
  const clock = new FakeClock(Date.now());
  let reconciler: SnapshotReconciler;
  let retention: SnapshotRetention;
  beforeEach(async () => {
    // Without a worker, whose own upkeep would come first.
    studio = await TestStudio.start({ environment: { STUDIO_ROLE: 'api', SNAPSHOT_RETENTION_DAYS: '10' }, clock });
    reconciler = studio.app.get(SnapshotReconciler);
    retention = studio.app.get(SnapshotRetention);
  });
  afterEach(() => studio?.close());

  const sql = <T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]> => studio.app.get(DataSource).query(text, values);
  const build = (namespace = ''): Promise<StoredRevision> => studio.app.get(RevisionBuilder).current(namespace);
  async function make(path: string, body: object): Promise<number> {
    const answer = await studio.call('POST', `/api/v1/${path}`, { body });
    expect(answer.status).toBe(201);
    return answer.body.data.id;
  }

  it('finds nothing to mend after writes that said what they touched', async () => {
    const app = await make('apps', { name: 'A' });
    await make(`apps/${app}/tokens`, { name: 't', scopes: [] });
    const built = await build();
    expect(await reconciler.reconcileOne('')).toBe(0);
    // Written and not built yet is no drift.
    await make('apps', { name: 'B' });
    expect(await reconciler.reconcileOne('')).toBe(0);
    expect((await build()).parent).toBe(built.revision);
  });

  it('mends what was changed behind its back: changed, removed and added', async () => {
    const [changed, removed] = [await make('apps', { name: 'A' }), await make('apps', { name: 'B' })];
    await build();
    await sql(`UPDATE apps SET name = 'by hand' WHERE id = $1`, [changed]);
    await sql('DELETE FROM apps WHERE id = $1', [removed]);
    await sql(`INSERT INTO apps (organization_id, owner_id, name) VALUES (1, (SELECT min(id) FROM users), 'added by hand')`);
    expect(await reconciler.reconcileOne('')).toBe(3);
    expect(await build()).toMatchObject({ upserts: 2, deletes: 1 });
    expect(await reconciler.reconcileOne('')).toBe(0);
  });

  it('takes tokens out whose time is over', async () => {
    const app = await make('apps', { name: 'A' });
    await make(`apps/${app}/tokens`, { name: 't', scopes: [], expires_at: new Date(clock.now() + 60_000).toISOString() });
    expect((await build()).records).toBe(2);
    clock.advance(120_000);
    expect(await reconciler.reconcileOne('')).toBe(1);
    expect(await build()).toMatchObject({ records: 1, deletes: 1 });
  });

  it('forgets revisions that are too old, but not the last hundred', async () => {
    const app = await make('apps', { name: 'A' });
    for (let round = 0; round < 130; round++) {
      await studio.call('PATCH', `/api/v1/apps/${app}`, { body: { name: `A ${round}` } });
      await build();
    }
    expect(await retention.sweep()).toEqual({ revisions: 0, versions: 0 });
    clock.advance(11 * DAY_MS);
    const before = await studio.app.get(RevisionStore).list('', { before: undefined, limit: 1_000 });
    const { revisions, versions } = await retention.sweep();
    expect(revisions).toBe(before.length - 100);
    expect(versions).toBeGreaterThan(0);
    const after = await studio.app.get(RevisionStore).list('', { before: undefined, limit: 1_000 });
    expect(after).toEqual(before.slice(0, 100));
    // The oldest that is left is still whole.
    const oldest = after.at(-1)!;
    const [{ count }] = (await sql<{ count: number }>('SELECT count(*)::integer AS count FROM snapshot_records WHERE from_revision <= $1 AND (to_revision IS NULL OR to_revision > $1)', [
      oldest.revision,
    ])) as [{ count: number }];
    expect(count).toBe(oldest.records);
  });

  it('begins an epoch in which everything is built anew, and forgets the one before it in time', async () => {
    await make('apps', { name: 'A' });
    const before = await build();
    const { epoch } = await studio.app.get(DataSource).transaction(beginEpoch);
    const after = await build();
    expect(after).toMatchObject({ epoch, parent: null, records: before.records, root: before.root });
    expect(after.epoch).not.toBe(before.epoch);
    expect(await studio.app.get(RevisionStore).get('', before.revision)).toBeUndefined();
    await retention.sweep();
    expect(await sql('SELECT FROM snapshot_revisions WHERE epoch = $1', [before.epoch])).not.toEqual([]);
    clock.advance(11 * DAY_MS);
    await retention.sweep();
    for (const table of ['snapshot_revisions', 'snapshot_records']) expect(await sql(`SELECT FROM ${table} WHERE epoch = $1`, [before.epoch])).toEqual([]);
    expect(await build()).toEqual(after);
    expect(await sql(`SELECT actor_name FROM audit_entries WHERE action = 'snapshot.new_epoch'`)).toEqual([{ actor_name: 'new-epoch command' }]);
  });
});
