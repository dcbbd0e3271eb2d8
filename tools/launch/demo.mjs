/** Fills a fresh studio with the demo: one plugin, one app with a token, one API key. Run again, it changes nothing. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './prepare.mjs';
import { StudioClient } from './studio-client.mjs';

export const demoPlugin = { name: 'echo-endpoint', entry: 'examples/plugins/echo-endpoint/dist/main.js' };

export async function seedDemo(studioUrl, secrets, dataDirectory) {
  const file = join(dataDirectory, 'demo.json');
  const demo = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const keep = (values) => {
    Object.assign(demo, values);
    writeFileSync(`${file}.tmp`, JSON.stringify(demo, null, 2), { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  };

  const client = new StudioClient(studioUrl);
  await client.login(secrets.adminEmail, secrets.adminPassword);
  if (!demo.apiKey) {
    const { key } = await client.request('POST', '/api/v1/api-keys', { name: 'npm start', scopes: ['*'] });
    keep({ apiKey: key });
  }
  await ensurePlugin(client);
  if (!demo.token) {
    const app = await client.request('POST', '/api/v1/apps', { name: 'demo', description: 'The demo that npm start sets up', metadata: { tier: 'demo' } });
    const { token } = await client.request('POST', `/api/v1/apps/${app.id}/tokens`, { name: 'npm start', scopes: ['echo'] });
    keep({ appId: app.id, token });
  }
  return demo;
}

async function ensurePlugin(client) {
  const command = pathToFileURL(join(root, demoPlugin.entry)).href;
  const plugins = await client.request('GET', '/api/v1/plugins?limit=200');
  const existing = plugins.find((plugin) => plugin.name === demoPlugin.name);
  if (existing?.command === command) return;
  if (existing) {
    // The checkout was moved.
    await client.request('PATCH', `/api/v1/plugins/${existing.id}`, { command });
    return;
  }
  const plugin = await client.request('POST', '/api/v1/plugins', {
    name: demoPlugin.name,
    description: 'Echoes what it receives',
    command,
    config: { slug: demoPlugin.name, content: 'Hello' },
    is_active: true,
  });
  await client.request('POST', `/api/v1/plugins/${plugin.id}/approve-scopes`, { scopes: ['kv.readwrite', 'plugins.config', 'apps.read'] });
}
