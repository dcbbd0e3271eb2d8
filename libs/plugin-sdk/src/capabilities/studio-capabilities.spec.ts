import { AgentMessageChunk_ChunkType as Type, PortalUserContext, ScheduleDefinition } from '@sluice/contracts/plugin';
import { ask, askStream } from '../testing/ask';
import type { AgentChunk, AgentHandler, AgentMessage } from './agent';
import type { EdgePayloadReceiver } from './edge-payload';
import type { ObjectHookHandler, ObjectHookVerdict } from './object-hooks';
import type { PortalUiProvider } from './portal-ui';
import type { ResourceProvider } from './resource-provider';
import type { Schedule } from './scheduler';
import type { UiProvider } from './ui-provider';

describe('object hooks', () => {
  const verdictOf = (verdict: ObjectHookVerdict) => {
    const plugin: ObjectHookHandler = { objectHooks: () => [{ objectType: 'llm', hookTypes: ['before_create'] }], handleObjectHook: () => verdict };
    return ask(plugin, 'handleObjectHook', { objectJson: '{"name":"a"}' });
  };

  it('allow by returning nothing, refuse with a reason, or change the object', async () => {
    expect(await verdictOf(undefined)).toMatchObject({ allowOperation: true, modified: false });
    expect(await verdictOf({ allow: false, reason: 'Too big.' })).toMatchObject({ allowOperation: false, rejectionReason: 'Too big.' });
    expect(await verdictOf({ object: { name: 'b' }, message: 'Renamed.' })).toMatchObject({
      allowOperation: true,
      modified: true,
      modifiedObjectJson: '{"name":"b"}',
      message: 'Renamed.',
    });
  });

  it('get the object as a value', async () => {
    const seen: unknown[] = [];
    const plugin = { handleObjectHook: (_ctx: unknown, call: { object: unknown; timestamp: Date }) => void seen.push(call.object, call.timestamp) };
    await ask(plugin, 'handleObjectHook', { objectJson: '{"name":"a"}', timestamp: 5n });
    expect(seen).toEqual([{ name: 'a' }, new Date(5_000)]);
  });
});

describe('an agent', () => {
  it('yields text or typed chunks, and ends with a final one', async () => {
    const plugin: AgentHandler = {
      async *handleAgentMessage(_ctx, message): AsyncGenerator<AgentChunk> {
        yield `You said ${message.text}.`;
        yield { type: 'tool_call', content: 'search', metadata: { q: 1 } };
      },
    };
    expect(await askStream(plugin, 'handleAgentMessage', { userMessage: 'hi' })).toEqual([
      { type: Type.CONTENT, content: 'You said hi.', metadataJson: '', isFinal: false },
      { type: Type.TOOL_CALL, content: 'search', metadataJson: '{"q":1}', isFinal: false },
      { type: Type.DONE, content: '', metadataJson: '', isFinal: true },
    ]);
  });

  it('gets configuration and history as values', async () => {
    let seen: AgentMessage | undefined;
    const plugin: AgentHandler = {
      async *handleAgentMessage(_ctx, message): AsyncGenerator<AgentChunk> {
        seen = message;
        yield '';
      },
    };
    await askStream(plugin, 'handleAgentMessage', { configJson: '{"t":1}', history: [{ role: 'user', content: 'x', timestamp: 1n, metadataJson: '' }] });
    expect(seen).toMatchObject({ config: { t: 1 }, history: [{ role: 'user', content: 'x', timestamp: new Date(1_000), metadata: undefined }] });
  });
});

describe('pages', () => {
  const plugin: UiProvider & PortalUiProvider = {
    getAsset: (_ctx, path) => (path === 'ui/a.js' ? { content: 'code', mimeType: 'text/javascript' } : undefined),
    listAssets: () => [{ path: 'ui/a.js', mimeType: 'text/javascript', size: 4 }],
    handleRpc: (_ctx, method, payload) => ({ method, payload }),
    handlePortalRpc: (_ctx, _method, _payload, user) => user.groups,
  };

  it('get their assets, or a sentence', async () => {
    expect(await ask(plugin, 'getAsset', { assetPath: 'ui/a.js' })).toMatchObject({ success: true, content: Buffer.from('code'), contentLength: 4n });
    expect(await ask(plugin, 'getAsset', { assetPath: '../x' })).toMatchObject({ success: false, errorMessage: 'There is no such asset.' });
    expect(await ask(plugin, 'listAssets')).toMatchObject({ success: true, assets: [{ path: 'ui/a.js', size: 4n }] });
  });

  it('call with JSON values; an empty payload is undefined', async () => {
    expect((await ask(plugin, 'call', { method: 'm', payload: '[1]' })).data).toBe('{"method":"m","payload":[1]}');
    expect((await ask(plugin, 'call', { method: 'm' })).data).toBe('{"method":"m"}');
    const user = PortalUserContext.create({ groups: ['a'] });
    expect((await ask(plugin, 'portalCall', { userContext: user })).data).toBe('["a"]');
  });
});

describe('a resource provider', () => {
  const plugin: ResourceProvider = {
    resourceTypes: () => [{ slug: 'servers', name: 'Servers', hasPrivacyScore: true }],
    listResourceInstances: () => [{ id: 'a', name: 'A', privacyScore: 30, metadata: { url: 'u' } }],
    getResourceInstance: (_ctx, _type, id) => (id === 'a' ? { id: 'a', name: 'A', isActive: false } : undefined),
    validateResourceSelection: (_ctx, { instanceIds }) => {
      if (instanceIds.length > 1) throw new Error('One at most.');
    },
  };

  it('registers its types and lists instances, active unless it says otherwise', async () => {
    expect((await ask(plugin, 'getResourceTypeRegistrations')).registrations).toMatchObject([
      { slug: 'servers', name: 'Servers', hasPrivacyScore: true, supportsSubmissions: false, formComponent: undefined },
    ]);
    expect((await ask(plugin, 'listResourceInstances')).instances).toMatchObject([
      { id: 'a', privacyScore: 30, isActive: true, metadata: Buffer.from('{"url":"u"}') },
    ]);
    expect(await ask(plugin, 'getResourceInstance', { instanceId: 'a' })).toMatchObject({ success: true, instance: { isActive: false } });
    expect(await ask(plugin, 'getResourceInstance', { instanceId: 'b' })).toMatchObject({ success: false });
  });

  it('accepts a selection by returning', async () => {
    expect(await ask(plugin, 'validateResourceSelection', { instanceIds: ['a'] })).toEqual({ valid: true, errorMessage: '' });
  });
});

describe('scheduled tasks and edge payloads', () => {
  it('get their configuration as a value', async () => {
    let seen: Schedule | undefined;
    const plugin = { executeScheduledTask: (_ctx: unknown, schedule: Schedule) => void (seen = schedule) };
    const schedule = ScheduleDefinition.create({ id: 's', configJson: '{"a":1}', timeoutSeconds: 9 });
    expect(await ask(plugin, 'executeScheduledTask', { schedule })).toEqual({ success: true, errorMessage: '' });
    expect(seen).toMatchObject({ id: 's', config: { a: 1 }, timeoutSeconds: 9 });
  });

  it('are handled unless the plugin says that they were not for it', async () => {
    const receiver = (handled: boolean | undefined): EdgePayloadReceiver => ({ acceptEdgePayload: () => handled });
    expect(await ask(receiver(undefined), 'acceptEdgePayload')).toMatchObject({ success: true, handled: true });
    expect(await ask(receiver(false), 'acceptEdgePayload')).toMatchObject({ success: true, handled: false });
  });
});
