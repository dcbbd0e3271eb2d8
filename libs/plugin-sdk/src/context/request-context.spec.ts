import { App, PluginContext } from '@sluice/contracts/plugin';
import type { KeyValueStore } from '../services/kv';
import { JsonLogger } from '../services/logger';
import type { Services } from '../services/services';
import type { Context } from './context';
import { requestContext } from './request-context';

const lines: string[] = [];
const logger = new JsonLogger('test', (line) => lines.push(line));
const services: Pick<Services, 'kv' | 'logger'> = { logger, kv: {} as KeyValueStore };
const owner = { runtime: 'gateway', pluginId: 3, services: services as Services } as const;
const end = new AbortController();

describe('requestContext', () => {
  const told = PluginContext.create({ requestId: 'r', appId: 4, llmSlug: 'gpt', metadata: { edge_id: 'e' }, traceContext: { traceparent: 't' } });

  it('tells what the host told, and leaves out what it did not', () => {
    expect(requestContext(owner, { context: told }, end)).toMatchObject({
      runtime: 'gateway',
      pluginId: 3,
      requestId: 'r',
      appId: 4,
      userId: undefined,
      llmId: undefined,
      llmSlug: 'gpt',
      vendor: undefined,
      metadata: { edge_id: 'e' },
      traceContext: { traceparent: 't' },
      app: undefined,
    });
  });

  it('finds the context of a request inside another one', () => {
    expect(requestContext(owner, { request: { context: told } }, end).requestId).toBe('r');
  });

  it('knows the app of an endpoint request', () => {
    const ctx = requestContext(owner, { app: App.create({ id: 9, name: 'An app' }) }, end);
    expect([ctx.appId, ctx.app?.name]).toEqual([9, 'An app']);
  });

  it('gives the same services with a logger that names the request', () => {
    const ctx = requestContext(owner, { context: told }, end);
    ctx.services.logger.info('line');
    expect(JSON.parse(lines.pop() ?? '')).toMatchObject({ request_id: 'r' });
    expect(ctx.services.kv).toBe(services.kv);
    expect(ctx.services).toBe(ctx.services);
    expect(ctx.signal).toBe(end.signal);
  });

  it.each([
    ['spread', (ctx: Context): Context => ({ ...ctx })],
    ['assigned', (ctx: Context): Context => Object.assign({}, ctx)],
    ['inherited', (ctx: Context): Context => Object.create(ctx) as Context],
    ['behind a proxy', (ctx: Context): Context => new Proxy(ctx, {})],
  ])('is whole when it is %s', (_, derive) => {
    const derived = derive(requestContext(owner, { context: told, app: App.create({ id: 9, name: 'An app' }) }, end));
    expect([derived.requestId, derived.app?.name, derived.signal]).toEqual(['r', 'An app', end.signal]);
    derived.services.logger.info('line');
    expect(JSON.parse(lines.pop() ?? '')).toMatchObject({ request_id: 'r' });
  });

  it('makes no signal for those who do not ask for it', () => {
    const asked = jest.fn(() => end.signal);
    const ctx = requestContext(owner, { context: told }, { get signal() { return asked(); } });
    expect(asked).not.toHaveBeenCalled();
    expect(ctx.signal).toBe(end.signal);
  });
});
