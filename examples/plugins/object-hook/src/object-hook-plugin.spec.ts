import { PluginConfig, type Context, type ObjectHookCall } from '@sluice/plugin-sdk';
import { ObjectHookPlugin } from './object-hook-plugin';

const logged: unknown[] = [];
const ctx = { services: { logger: { info: (...entry: unknown[]) => void logged.push(entry) } } } as unknown as Context;

const plugin = new ObjectHookPlugin();
plugin.initialize(ctx, new PluginConfig({ forbidden_words: '["test"]', metadata: '{"cost_center":"none"}', keep: '["Shop"]' }));

const ask = (hookType: string, object: object) =>
  plugin.handleObjectHook(ctx, { hookType, objectType: 'app', operationId: 'one', userId: 1, object, metadata: {}, timestamp: new Date(0) } satisfies ObjectHookCall);

describe('the plugin with object hooks', () => {
  it('hooks every moment of an app', () => expect(plugin.objectHooks()).toMatchObject([{ objectType: 'app', priority: 10 }]));

  it('refuses names, whatever their case', () => {
    expect(ask('before_create', { name: 'My Test', metadata: {} })).toEqual({ allow: false, reason: 'The name of an app may not contain "test".' });
  });

  it('fills in what is missing, keeps what is there, and leaves a whole app alone', () => {
    expect(ask('before_update', { id: 7, name: 'A', metadata: { team: 'x' } })).toMatchObject({ object: { id: 7, name: 'A', metadata: { team: 'x', cost_center: 'none' } } });
    expect(ask('before_update', { name: 'A', metadata: { cost_center: '42' } })).toBeUndefined();
  });

  it('keeps the apps that it is told to keep', () => {
    expect(ask('before_delete', { name: 'Shop', metadata: {} })).toMatchObject({ allow: false });
    expect(ask('before_delete', { name: 'Other', metadata: {} })).toBeUndefined();
  });

  it('only takes note of what has been written', () => {
    expect(ask('after_create', { name: 'test', metadata: {} })).toBeUndefined();
    expect(logged).toHaveLength(1);
  });
});
