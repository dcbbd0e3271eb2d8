import { createHash, createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { waitFor } from '@sluice/testing';
import { repository } from './stack/repository';
import { Stack } from './stack/stack';

// Real processes on a busy machine.
jest.setTimeout(240_000);

let stack: Stack;
let app: { token: string };

beforeAll(async () => {
  stack = await Stack.start();
  app = await stack.app('example');
});
afterAll(() => stack?.close());

/** Registers an example with the scopes that its manifest asks for, and waits until the gateway has it. `path` takes POST. */
async function example(name: string, slug: string, path: string, config: object, scopes: string[]): Promise<number> {
  const command = `file://${join(repository, 'examples/plugins', name, 'dist/main.js')}`;
  const { id } = await stack.api.call<{ id: number }>('POST', '/api/v1/plugins', { name: slug, command, config: { slug, ...config } });
  await stack.api.approve(id, scopes);
  // Without the plugin every path is 404 or 503.
  const served = async () => ![404, 503].includes((await fetch(`${stack.gatewayUrl}/plugins/${slug}${path}`, { method: 'POST' })).status);
  await waitFor(served, { timeoutMs: 30_000, message: () => `the gateway serves ${slug}\n${stack.gateway.stdout().slice(-4000)}` });
  return id;
}

describe('the webhook receiver', () => {
  const secret = 'a secret of the sender';
  const send = (body: string, signature = createHmac('sha256', secret).update(body).digest('hex')) =>
    fetch(`${stack.gatewayUrl}/plugins/hooks/payment`, { method: 'POST', body, headers: { 'X-Webhook-Signature': signature } });

  it('takes a webhook on the gateway, once, and has it in the studio', async () => {
    await example('webhook-receiver', 'hooks', '/payment', { webhook_secret: secret }, ['kv.readwrite', 'control.send']);
    const body = `{"amount": 1, "note": "\u00fc"}\n`;
    const taken = await send(body);
    const { id } = (await taken.json()) as { id: string };
    expect(taken.status).toBe(202);
    expect([(await send(body)).status, (await send(`${body} `, '0'.repeat(64))).status]).toEqual([200, 401]);
    const arrived = () => stack.studio.stdout().split('\n').filter((line) => line.includes('A webhook arrived.') && line.includes(id));
    await waitFor(() => arrived().length > 0, { timeoutMs: 30_000, message: () => `the webhook is in the studio\n${stack.studio.stdout().slice(-4000)}` });
    expect(arrived()).toHaveLength(1);
    expect(arrived()[0]).toContain(`"bytes":${Buffer.byteLength(body)}`);
  });
});

describe('the OpenID provider', () => {
  it('signs an app in by its token, which only the gateway sees', async () => {
    const issuer = `${stack.gatewayUrl}/plugins/login`;
    const redirect = 'https://client.example/callback';
    await example('oauth-provider', 'login', '/token', { issuer, clients: [{ client_id: 'web', redirect_uris: [redirect] }] }, ['kv.readwrite']);
    const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const query = new URLSearchParams({ client_id: 'web', response_type: 'code', redirect_uri: redirect, scope: 'openid profile', code_challenge: challenge, code_challenge_method: 'S256' });

    const cookies = new Map<string, string>();
    const browse = async (url: string, init: RequestInit = {}) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(new URL(url, issuer), { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
      for (const line of answer.headers.getSetCookie()) cookies.set(line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).split(';')[0] ?? '');
      return answer;
    };
    const page = (await browse(`${discovery['authorization_endpoint']}?${query.toString()}`)).headers.get('location') ?? '';
    expect(await (await browse(page)).text()).toContain('Sign in to web');
    expect((await browse(page, { method: 'POST' })).status).toBe(401);
    const signedIn = await browse(page, { method: 'POST', headers: { authorization: `Bearer ${app.token}` } });
    const { location } = (await signedIn.json()) as { location: string };
    const code = new URL((await browse(location)).headers.get('location') ?? '').searchParams.get('code') ?? '';
    const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'web', code, redirect_uri: redirect, code_verifier: verifier });
    const { access_token: accessToken } = (await (await fetch(discovery['token_endpoint'] ?? '', { method: 'POST', body })).json()) as { access_token: string };
    const userinfo = await fetch(discovery['userinfo_endpoint'] ?? '', { headers: { authorization: `Bearer ${accessToken}` } });
    expect(await userinfo.json()).toMatchObject({ sub: expect.stringMatching(/^app-\d+$/) as string, name: 'example' });
  });
});

describe('the MCP server', () => {
  const post = (path: string, message: object, headers: Record<string, string> = {}) =>
    fetch(`${stack.gatewayUrl}/plugins/mcp${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
  const opening = { id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } } };

  it('knows the app on its private address, and keeps a session over a reload', async () => {
    const id = await example('mcp-server', 'mcp', '/mcp', {}, ['kv.readwrite']);
    expect((await post('/private/mcp', opening)).status).toBe(401);
    const token = { authorization: `Bearer ${app.token}` };
    const opened = await post('/private/mcp', opening, token);
    const session = { ...token, 'Mcp-Session-Id': opened.headers.get('mcp-session-id') ?? '' };
    const whoami = { id: 2, method: 'tools/call', params: { name: 'whoami', arguments: {} } };
    expect(await (await post('/private/mcp', whoami, session)).text()).toContain('"text":"example"');

    const before = await generation(id);
    await stack.api.call('POST', `/api/v1/plugins/${id}/reload`);
    await waitFor(async () => (await generation(id)) > before, { timeoutMs: 30_000, message: () => `the plugin is reloaded\n${stack.gateway.stdout().slice(-4000)}` });
    const after = await post('/private/mcp', whoami, session);
    expect([after.status, await after.text()]).toEqual([200, expect.stringContaining('"text":"example"')]);
    expect((await post('/mcp', whoami, { 'Mcp-Session-Id': session['Mcp-Session-Id'] })).status).toBe(404);
  });

  async function generation(id: number): Promise<number> {
    const { plugins } = (await (await stack.get('/readyz?verbose')).json()) as { plugins: { id: number; generation: number }[] };
    return plugins.find((plugin) => plugin.id === id)?.generation ?? 0;
  }
});
