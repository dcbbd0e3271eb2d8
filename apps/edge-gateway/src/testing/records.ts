import { buildSnapshot, signSnapshot, type AppData, type PluginData, type SignedSnapshot, type SigningKey, type SnapshotRecord, type TokenData } from '@sluice/config-snapshot';
import { GatewayState, type SnapshotSource } from '../snapshot/gateway-state';
import { SnapshotTables } from '../snapshot/tables/snapshot-tables';
import { TablesDraft } from '../snapshot/tables/tables-draft';
import { runAtOnce } from '../snapshot/time-slice';

export function appRecord(data: Partial<AppData> & { id: number }): SnapshotRecord {
  const defaults = { name: 'Shop', description: '', owner_email: 'owner@example.com', is_active: true, monthly_budget: null, rate_limit: 0, metadata: {}, namespace: '', created_at: 1, updated_at: 2 };
  return { kind: 'app', id: String(data.id), data: { ...defaults, ...data } };
}

export function tokenRecord(data: Partial<TokenData> & { id: number; app_id: number; hash: string }): SnapshotRecord {
  return { kind: 'token', id: String(data.id), data: { scopes: [], expires_at: null, ...data } };
}

export function pluginRecord(data: Partial<PluginData> & { id: number }): SnapshotRecord {
  const defaults = { name: 'Echo', namespace: '', organization_id: 1, slug: null, command: 'file:///nowhere', hooks: ['custom_endpoint'], config: {}, approved_scopes: [], reloads: 0 };
  return { kind: 'plugin', id: String(data.id), data: { ...defaults, ...data } };
}

/** A state of these records, as if it had been applied. */
export function stateOf(records: readonly SnapshotRecord[], revision = 1, source: SnapshotSource = 'redis'): GatewayState {
  const draft = new TablesDraft(SnapshotTables.empty);
  for (const record of records) draft.put({ known: true, record }, () => '');
  runAtOnce(draft.close());
  const header = { format: 2, namespace: '', epoch: 'e', revision, parent: null, root: 'r', created_at: new Date(0).toISOString() };
  return new GatewayState(header, draft.finish(records.length), source, 0);
}

/** A snapshot of these records as the studio would sign it. */
export function signedSnapshot(records: readonly SnapshotRecord[], revision: number, key: SigningKey, options: { namespace?: string; epoch?: string; createdAt?: Date } = {}): SignedSnapshot {
  const { namespace = '', epoch = 'epoch-1', createdAt = new Date(1_700_000_000_000 + revision * 1000) } = options;
  return signSnapshot(buildSnapshot({ namespace, epoch, revision, parent: revision > 1 ? revision - 1 : null, createdAt, records }), key.privateKey);
}
