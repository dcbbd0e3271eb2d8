import { App, EndpointRequest } from '@sluice/contracts/plugin';
import { ask } from '../testing/ask';
import type { CustomEndpointHandler } from './custom-endpoint';
import { EndpointError } from './endpoint-error';
import type { EndpointRequest as AuthorRequest } from './endpoint-types';
import { json } from './respond';

describe('a handler of custom endpoints', () => {
  it('registers with the defaults of the protocol', async () => {
    const plugin: CustomEndpointHandler = { endpoints: () => [{ path: '/*', methods: ['GET'] }, { path: '/s', methods: ['POST'], requireAuth: true, streamResponse: true, description: 'd', metadata: { a: 'b' } }] };
    expect((await ask(plugin, 'getEndpointRegistrations')).registrations).toEqual([
      { path: '/*', methods: ['GET'], description: '', requireAuth: false, streamResponse: false, metadata: {} },
      { path: '/s', methods: ['POST'], description: 'd', requireAuth: true, streamResponse: true, metadata: { a: 'b' } },
    ]);
  });

  it('gets every field of the request', async () => {
    let seen: AuthorRequest | undefined;
    const plugin = { handleEndpoint: (_ctx: unknown, request: AuthorRequest) => ((seen = request), 'ok') };
    const request = EndpointRequest.fromPartial({
      method: 'POST',
      path: '/plugins/x/a/b',
      relativePath: '/a/b',
      pathSegments: ['a', 'b'],
      headers: { 'Content-Type': 'text/plain' },
      body: Buffer.from('body'),
      queryString: 'q=1&q=2',
      remoteAddr: '10.0.0.1',
      host: 'gateway',
      protocol: 'http',
      authenticated: true,
      app: App.fromPartial({ id: 3, name: 'An app', pluginResources: [{ pluginId: 9, resourceTypeSlug: 'servers', instanceIds: ['i'] }] }),
      scopes: ['read'],
    });
    await ask(plugin, 'handleEndpointRequest', request);
    const { context: _, app: __, ...plain } = request;
    expect(seen).toMatchObject(plain);
    expect(seen?.query.getAll('q')).toEqual(['1', '2']);
    expect(seen?.app).toMatchObject({ id: 3, pluginResources: [{ pluginId: 9, resourceType: 'servers', instanceIds: ['i'] }] });
  });

  it('answers with text, JSON, or status, headers and bytes', async () => {
    const answerOf = async (answer: unknown) => {
      const { statusCode, headers, body } = await ask({ handleEndpoint: () => answer }, 'handleEndpointRequest');
      return [statusCode, headers, body.toString()];
    };
    expect(await answerOf('hello')).toEqual([200, { 'Content-Type': 'text/plain; charset=utf-8' }, 'hello']);
    expect(await answerOf(json({ a: 1 }, { status: 201, headers: { 'X-A': 'b' } }))).toEqual([201, { 'Content-Type': 'application/json', 'X-A': 'b' }, '{"a":1}']);
    expect(await answerOf({ status: 204 })).toEqual([204, {}, '']);
  });

  it('answers with an EndpointError that it throws, whichever copy of the SDK made it', async () => {
    const copy = Object.assign(new Error('no'), { name: 'EndpointError', response: () => new EndpointError(409, 'Conflict.').response() });
    for (const error of [new EndpointError(409, 'Conflict.'), copy]) {
      const plugin = { handleEndpoint: () => Promise.reject(error) };
      expect(await ask(plugin, 'handleEndpointRequest')).toMatchObject({ statusCode: 409, body: Buffer.from('{"error":"Conflict."}') });
    }
  });
});
