import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { type App, type Context, type EndpointRequest, type EndpointResponse, PluginConfig } from '@sluice/plugin-sdk';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { OauthPlugin } from './oauth-plugin';
import { memoryKv } from './testing/memory-kv';

// The library is compiled for Jest, and keys are made.
jest.setTimeout(60_000);

const ISSUER = 'https://gateway.example/plugins/login';
const REDIRECT = 'https://client.example/callback';
const WEB = { client_id: 'web', client_secret: 'a secret of the web client', name: 'The <Web> client', redirect_uris: [REDIRECT] };
const SERVICE = { client_id: 'service', client_secret: 'a secret of the service' };
const APP = { id: 7, name: 'An app', ownerEmail: 'owner@example.com' } as App;

let plugins: OauthPlugin[] = [];
afterEach(async () => {
  for (const plugin of plugins) await plugin.shutdown();
  plugins = [];
});

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  app?: App;
}

/** A gateway with the plugin, and a browser that keeps its cookies. */
async function started({ kv = memoryKv(), ...config }: Record<string, unknown> = {}) {
  const values: Record<string, unknown> = { issuer: ISSUER, clients: [WEB, SERVICE], ...config };
  const logger = { warn: () => undefined, error: () => undefined };
  const ctx = { services: { kv, logger } } as unknown as Context;
  const plugin = new OauthPlugin();
  plugins.push(plugin);
  const texts = Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  await plugin.initialize(ctx, new PluginConfig(Object.fromEntries(texts) as Record<string, string>));
  const cookies = new Map<string, string>();
  const send = async (address: string, { method = 'GET', headers = {}, body = '', app }: Sent = {}) => {
    const url = new URL(address.replace(ISSUER, ''), 'http://gateway');
    const relativePath = decodeURIComponent(url.pathname.replace('/plugins/login', ''));
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const request = {
      method,
      relativePath,
      pathSegments: relativePath.split('/').filter(Boolean),
      queryString: url.search.slice(1),
      headers: { ...headers, ...(cookie && { Cookie: cookie }) },
      body: Buffer.from(body),
      remoteAddr: '10.0.0.1',
      host: 'inside:8081',
      app,
    } as unknown as EndpointRequest;
    const answer = await plugin.handleEndpoint(ctx, request);
    for (const line of [header(answer, 'set-cookie') ?? []].flat()) {
      expect(line).toMatch(/; path=\/plugins\/login(\/|;).*; secure; httponly/i);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const form = (path: string, fields: Record<string, string>, client?: { client_id: string; client_secret: string }) => {
    const basic = client && `Basic ${Buffer.from(`${encodeURIComponent(client.client_id)}:${encodeURIComponent(client.client_secret)}`).toString('base64')}`;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...(basic && { Authorization: basic }) };
    return send(path, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  };
  return { plugin, send, form, cookies };
}

type Provider = Awaited<ReturnType<typeof started>>;

const header = (answer: EndpointResponse, name: string) => Object.entries(answer.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1] as string | string[] | undefined;
const text = (answer: EndpointResponse) => Buffer.from(answer.body ?? '').toString();
const body = (answer: EndpointResponse) => JSON.parse(text(answer)) as Record<string, unknown>;

function authorization(verifier: string, fields: Record<string, string> = {}): string {
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = { client_id: 'web', response_type: 'code', redirect_uri: REDIRECT, scope: 'openid profile email', state: 's', nonce: 'n', code_challenge: challenge, code_challenge_method: 'S256' };
  return `/authorize?${new URLSearchParams({ ...query, ...fields }).toString()}`;
}

/** Goes through the browser's part: gives the code. */
async function signIn({ send }: Provider, verifier: string): Promise<string> {
  const begun = await send(authorization(verifier));
  const page = String(header(begun, 'location'));
  const { location } = body(await send(page, { method: 'POST', app: APP }));
  const back = new URL(String(header(await send(String(location)), 'location')));
  expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([REDIRECT, 's']);
  return back.searchParams.get('code') ?? '';
}

describe('the OpenID provider', () => {
  it('describes itself under the address of the outside world', async () => {
    const { send } = await started();
    expect(body(await send('/.well-known/openid-configuration'))).toMatchObject({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      userinfo_endpoint: `${ISSUER}/userinfo`,
      jwks_uri: `${ISSUER}/jwks.json`,
      code_challenge_methods_supported: ['S256'],
    });
  });

  it('signs an app in: code, ID token, userinfo', async () => {
    const provider = await started();
    const verifier = randomBytes(32).toString('base64url');
    const code = await signIn(provider, verifier);
    const answer = await provider.form('/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier }, WEB);
    const { id_token: idToken, access_token: accessToken } = body(answer);
    const keys = createLocalJWKSet(body(await provider.send('/jwks.json')) as unknown as JSONWebKeySet);
    const { payload } = await jwtVerify(String(idToken), keys, { issuer: ISSUER, audience: 'web' });
    expect(payload).toMatchObject({ sub: 'app-7', nonce: 'n' });
    const userinfo = await provider.send('/userinfo', { headers: { Authorization: `Bearer ${String(accessToken)}` } });
    expect(body(userinfo)).toEqual({ sub: 'app-7', name: 'An app', email: 'owner@example.com' });
  });

  it('takes a code once; the second time ends what the first one gave', async () => {
    const provider = await started();
    const verifier = randomBytes(32).toString('base64url');
    const fields = { grant_type: 'authorization_code', code: await signIn(provider, verifier), redirect_uri: REDIRECT, code_verifier: verifier };
    const { access_token: accessToken } = body(await provider.form('/token', fields, WEB));
    expect(body(await provider.form('/token', fields, WEB))).toMatchObject({ error: 'invalid_grant' });
    expect((await provider.send('/userinfo', { headers: { Authorization: `Bearer ${String(accessToken)}` } })).status).toBe(401);
  });

  it('gives a service a token of its own, tells nobody else about it, and takes it back', async () => {
    const provider = await started();
    const { access_token: token } = body(await provider.form('/token', { grant_type: 'client_credentials' }, SERVICE));
    const active = async () => body(await provider.form('/token/introspection', { token: String(token) }, SERVICE))['active'];
    expect(await active()).toBe(true);
    expect(body(await provider.form('/token/introspection', { token: String(token) }, WEB))).toEqual({ active: false });
    await provider.form('/token/revocation', { token: String(token) }, SERVICE);
    expect(await active()).toBe(false);
  });

  it('goes on after a reload: same keys, same tokens', async () => {
    const kv = memoryKv();
    const [before, after] = [await started({ kv }), await started({ kv })];
    expect(text(await after.send('/jwks.json'))).toBe(text(await before.send('/jwks.json')));
    const { access_token: token } = body(await before.form('/token', { grant_type: 'client_credentials' }, SERVICE));
    expect(body(await after.form('/token/introspection', { token: String(token) }, SERVICE))).toMatchObject({ active: true });
  });

  it.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['in the implicit flow', { response_type: 'id_token' }],
  ])('sends nobody a code %s', async (_what, fields) => {
    const { send } = await started();
    const location = String(header(await send(authorization('v'.repeat(43), fields)), 'location'));
    expect(location.startsWith(REDIRECT)).toBe(true);
    expect(location).toMatch(/[?#&]error=(invalid_request|unsupported_response_type|unauthorized_client)/);
  });

  it('sends nobody to an address that the client has not registered', async () => {
    const { send } = await started();
    const answer = await send(authorization('v'.repeat(43), { redirect_uri: 'https://evil.example/' }));
    expect([answer.status, header(answer, 'location')]).toEqual([400, undefined]);
  });

  it.each([
    ['a wrong secret', { ...SERVICE, client_secret: 'another secret of it' }],
    ['a client that is unknown', { client_id: 'nobody', client_secret: 'a secret of nobody' }],
  ])('gives no token for %s', async (_what, client) => {
    const { form } = await started();
    expect((await form('/token', { grant_type: 'client_credentials' }, client)).status).toBe(401);
  });
});

describe('the sign-in page', () => {
  it('names the client, as text, and runs no script but its own', async () => {
    const { send } = await started();
    const page = await send(String(header(await send(authorization('v'.repeat(43))), 'location')));
    expect(text(page)).toContain('Sign in to The &#60;Web&#62; client');
    expect(header(page, 'content-security-policy')).toMatch(/^default-src 'none'; script-src 'nonce-[^']+'/);
  });

  it('signs nobody in without a token of an app, or in another browser', async () => {
    const provider = await started();
    const page = String(header(await provider.send(authorization('v'.repeat(43))), 'location'));
    await expect(provider.send(page, { method: 'POST' })).rejects.toMatchObject({ status: 401 });
    provider.cookies.clear();
    await expect(provider.send(page, { method: 'POST', app: APP })).rejects.toMatchObject({ status: 400 });
  });
});

describe('a configuration that cannot be', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  it.each([
    ['an issuer without TLS', { issuer: 'http://gateway.example/plugins/login' }, 'The config value "issuer" must begin with https://'],
    ['a client that could do nothing', { clients: [{ client_id: 'idle' }] }, 'The client "idle" in the config value "clients" needs a client_secret, or redirect_uris.'],
    ['a client with an address that is none', { clients: [{ ...WEB, redirect_uris: ['nowhere'] }] }, 'The client "web" in the config value "clients" cannot be used'],
    ['a key that is too short', { signing_key: short }, 'The config value "signing_key" must be an RSA key of 2048 bits or more'],
    ['a key that is none', { signing_key: 'secret' }, 'The config value "signing_key" must be an RSA key of 2048 bits or more'],
  ])('is refused at the start: %s', async (_what, config, sentence) => {
    await expect(started(config)).rejects.toThrow(sentence);
  });
});
