import type { AppData, PluginData, SnapshotRecord, TokenData } from './records';

/** Records for specs: valid, and told apart by their ids. */
export function pluginRecord(id: number, overrides: Partial<PluginData> = {}): SnapshotRecord {
  const data: PluginData = {
    id,
    name: `Plugin ${id}`,
    namespace: '',
    organization_id: 1,
    slug: `plugin-${id}`,
    command: `file:///opt/plugins/${id}`,
    hooks: ['custom_endpoint'],
    config: { slug: `plugin-${id}`, greeting: 'grüße 🎈', depth: { list: [1, 2.5, null, true] } },
    approved_scopes: ['kv.readwrite'],
    reloads: 0,
    digest: `sha256:${id.toString(16).padStart(64, '0')}`,
    limits: { memory_mb: 256, cpu: 0.5, network: 'none' },
    compat: { app: '>=0.1.0', api: ['v1'] },
    ...overrides,
  };
  return { kind: 'plugin', id: String(id), data };
}

export function appRecord(id: number, overrides: Partial<AppData> = {}): SnapshotRecord {
  const data: AppData = {
    id,
    name: `App ${id}`,
    description: '',
    owner_email: 'owner@example.com',
    is_active: true,
    monthly_budget: null,
    rate_limit: 0,
    metadata: { team: 'search' },
    namespace: '',
    created_at: 1_760_000_000,
    updated_at: 1_760_000_001,
    ...overrides,
  };
  return { kind: 'app', id: String(id), data };
}

export function tokenRecord(id: number, appId: number, overrides: Partial<TokenData> = {}): SnapshotRecord {
  const data: TokenData = { id, app_id: appId, hash: id.toString(16).padStart(64, '0'), scopes: [], expires_at: null, ...overrides };
  return { kind: 'token', id: String(id), data };
}
