import { AuthRequest, EnrichedRequest, PluginRequest } from '@sluice/contracts/plugin';
import { ask } from '../testing/ask';
import type { AuthHandler } from './auth';
import type { PostAuthHandler } from './post-auth';
import type { PreAuthHandler } from './pre-auth';

const request = PluginRequest.create({ method: 'POST', path: '/llm', headers: { A: 'b' }, body: Buffer.from('body'), remoteAddr: '1.2.3.4:5' });

describe('a pre-auth handler', () => {
  const verdict = (answer: unknown) => ask<'processPreAuth'>({ processPreAuth: () => answer }, 'processPreAuth', request);

  it('gets the request', async () => {
    const seen: unknown[] = [];
    const plugin: PreAuthHandler = { processPreAuth: (_ctx, received) => void seen.push(received) };
    await ask(plugin, 'processPreAuth', request);
    expect(seen).toEqual([{ method: 'POST', path: '/llm', headers: { A: 'b' }, body: Buffer.from('body'), remoteAddr: '1.2.3.4:5' }]);
  });

  it('lets pass by returning nothing', async () => {
    expect(await verdict(undefined)).toMatchObject({ modified: false, block: false });
  });

  it('changes by returning what is to change', async () => {
    expect(await verdict({ headers: { 'X-A': '1' }, contextUpdates: { upstream_override: 'u' } })).toMatchObject({
      modified: true,
      block: false,
      headers: { 'X-A': '1' },
      body: Buffer.alloc(0),
      contextUpdates: { upstream_override: 'u' },
    });
  });

  it('blocks with 403 unless it says otherwise', async () => {
    expect(await verdict({ block: true })).toMatchObject({ block: true, modified: false, statusCode: 403 });
    expect(await verdict({ block: true, status: 429, body: 'slow down', headers: { 'Retry-After': '5' } })).toMatchObject({
      block: true,
      statusCode: 429,
      body: Buffer.from('slow down'),
      headers: { 'Retry-After': '5' },
    });
  });
});

describe('a post-auth handler', () => {
  it('gets the request and its caller', async () => {
    const seen: unknown[] = [];
    const plugin: PostAuthHandler = { processPostAuth: (_ctx, received) => void seen.push(received) };
    await ask(plugin, 'processPostAuth', EnrichedRequest.create({ request, userId: '3', appId: '4', authClaims: { sub: 's' }, authenticated: true }));
    expect(seen).toMatchObject([{ method: 'POST', authenticated: true, userId: '3', appId: '4', claims: { sub: 's' } }]);
  });
});

describe('an auth handler', () => {
  const plugin: AuthHandler = {
    authenticate: (_ctx, { credential }) =>
      credential === 'good' ? { authenticated: true, appId: 7, claims: { sub: 'a' } } : { authenticated: false, message: 'Unknown key.' },
    getAppByCredential: (_ctx, credential) => (credential === 'good' ? { id: 7, name: 'An app' } : undefined),
    getUserByCredential: (_ctx, credential) => (credential === 'good' ? { id: 8, email: 'a@example.com' } : undefined),
  };

  it('names app and user as decimal text', async () => {
    expect(await ask(plugin, 'authenticate', AuthRequest.create({ credential: 'good' }))).toEqual({
      authenticated: true,
      appId: '7',
      userId: '',
      claims: { sub: 'a' },
      errorMessage: '',
    });
    expect(await ask(plugin, 'authenticate', AuthRequest.create({ credential: 'bad' }))).toMatchObject({ authenticated: false, errorMessage: 'Unknown key.' });
  });

  it('finds app and user of a credential, active unless it says otherwise', async () => {
    expect(await ask(plugin, 'getAppByCredential', { credential: 'good' })).toMatchObject({ success: true, app: { id: 7, name: 'An app', isActive: true } });
    expect(await ask(plugin, 'getAppByCredential', { credential: 'bad' })).toMatchObject({ success: false, app: undefined });
    expect(await ask(plugin, 'getUserByCredential', { credential: 'good' })).toMatchObject({ success: true, user: { id: 8, email: 'a@example.com' } });
    expect(await ask(plugin, 'getUserByCredential', { credential: 'bad' })).toMatchObject({ success: false });
  });
});
