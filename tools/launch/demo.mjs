/** Fills a fresh studio with the demo: one plugin, one app with a token, one API key. Run again, it changes nothing. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keep, readKept } from './kept-file.mjs';
import { root } from './prepare.mjs';
import { StudioClient } from './studio-client.mjs';

export const demoPlugin = { name: 'echo-endpoint', entry: 'examples/plugins/echo-endpoint/dist/main.js' };

export async function seedDemo(studioUrl, secrets, dataDirectory) {
  const file = join(dataDirectory, 'demo.json');
  let demo = readKept(file) ?? {};
  const note = (values) => keep(file, Object.assign(demo, values));

  const client = new StudioClient(studioUrl);
  await client.login(secrets.adminEmail, secrets.adminPassword);
  // With another database, what was made in the one before means nothing.
  if (demo.apiKey && !(await client.accepts(demo.apiKey))) demo = {};
  if (!demo.apiKey) {
    const { key } = await client.request('POST', '/api/v1/api-keys', { name: 'npm start', scopes: ['*'] });
    note({ apiKey: key });
  }
  const pluginId = await ensurePlugin(client);
  if (demo.approvedPluginId !== pluginId) {
    await client.request('POST', `/api/v1/plugins/${pluginId}/approve-scopes`, { scopes: ['kv.readwrite', 'plugins.config', 'apps.read'] });
    note({ approvedPluginId: pluginId });
  }
  if (!demo.token) {
    const app = await client.request('POST', '/api/v1/apps', { name: 'demo', description: 'The demo that npm start sets up', metadata: { tier: 'demo' } });
    const { token } = await client.request('POST', `/api/v1/apps/${app.id}/tokens`, { name: 'npm start', scopes: ['echo'] });
    note({ appId: app.id, token });
  }
  return demo;
}

/** @returns the id of the demo plugin. */
async function ensurePlugin(client) {
  const command = pathToFileURL(join(root, demoPlugin.entry)).href;
  const plugins = await client.request('GET', '/api/v1/plugins?limit=200');
  const existing = plugins.find((plugin) => plugin.name === demoPlugin.name);
  if (existing?.command === command) return existing.id;
  if (existing) {
    // The checkout was moved.
    await client.request('PATCH', `/api/v1/plugins/${existing.id}`, { command });
    return existing.id;
  }
  const plugin = await client.request('POST', '/api/v1/plugins', {
    name: demoPlugin.name,
    description: 'Echoes what it receives',
    command,
    config: { slug: demoPlugin.name, content: 'Hello' },
    is_active: true,
  });
  return plugin.id;
}
