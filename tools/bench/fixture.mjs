import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const apps = 1_000;

/**
 * Writes the state folder of a gateway that has applied a snapshot: one endpoint plugin, and apps with a token each. Returns the settings that make a
 * gateway trust it, and one of the tokens. `config` and `scopes` are the plugin's.
 */
export function writeGatewayState(stateFolder, pluginFile, slug, { config = {}, scopes = [] } = {}) {
  const snapshots = require('@sluice/config-snapshot');
  const sharedKey = randomBytes(32);
  const { tokenHashKey } = snapshots.deriveEdgeKeys(sharedKey);
  const signingKey = snapshots.generateSigningKey();
  const tokens = Array.from({ length: apps }, () => snapshots.generateToken('app'));
  const records = [pluginRecord(pluginFile, slug, config, scopes), ...tokens.flatMap((token, index) => appRecords(index + 1, snapshots.hashToken(tokenHashKey, token)))];
  const content = { namespace: '', epoch: 'bench', revision: 1, parent: null, createdAt: new Date(), records };
  const body = snapshots.encodeSnapshot(snapshots.signSnapshot(snapshots.buildSnapshot(content), signingKey.privateKey));
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  writeFileSync(join(stateFolder, 'snapshot.json'), body, { mode: 0o600 });
  return {
    environment: { EDGE_SHARED_KEY: sharedKey.toString('base64'), SNAPSHOT_PUBLIC_KEYS: signingKey.publicKeyText },
    token: tokens[apps >> 1],
  };
}

function pluginRecord(file, slug, config, scopes) {
  const data = {
    id: 1,
    name: 'Fixed answer',
    namespace: '',
    organization_id: 1,
    slug,
    command: pathToFileURL(file).href,
    hooks: ['custom_endpoint'],
    config: { ...config, slug },
    approved_scopes: scopes,
    reloads: 0,
  };
  return { kind: 'plugin', id: '1', data };
}

function appRecords(id, hash) {
  const app = {
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
    updated_at: 1_760_000_000,
  };
  const token = { id, app_id: id, hash, scopes: [], expires_at: null };
  return [
    { kind: 'app', id: String(id), data: app },
    { kind: 'token', id: String(id), data: token },
  ];
}
