'use strict';
// What the plugin answers to each RPC that a capability adds. An `error` ends the call with the status UNKNOWN.

const thing = { id: 'one', name: 'One', privacy_score: 10, metadata: Buffer.from('{}'), is_active: true };
const refused = (why) => ({ success: false, error_message: why });

const FULL_ANSWERS = {
  ProcessPreAuth: { modified: true, headers: { 'X-Seen': '1' } },
  Authenticate: { authenticated: true, app_id: '1', user_id: '1' },
  GetAppByCredential: { success: true, app: { id: 1, name: 'App' } },
  GetUserByCredential: { success: true, user: { id: 1, name: 'User' } },
  ProcessPostAuth: { block: true, status_code: 451, error_message: 'Not here.' },
  OnBeforeWriteHeaders: { modified: true, headers: { 'X-Seen': '1' } },
  OnBeforeWrite: { modified: true, body: Buffer.from('changed') },
  OnStreamComplete: { handled: true, cached: true },
  HandleProxyLog: { success: true, handled: true },
  HandleAnalytics: { success: true, handled: true },
  HandleBudgetUsage: { success: true, handled: true },
  GetEndpointRegistrations: {
    registrations: [
      { path: '/*', methods: ['GET', 'POST'] },
      { path: '/stream', methods: ['GET'], stream_response: true },
    ],
  },
  HandleEndpointRequest: { status_code: 200, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from('hello') },
  GetObjectHookRegistrations: { registrations: [{ object_type: 'llm', hook_types: ['before_create'] }] },
  HandleObjectHook: { allow_operation: false, rejection_reason: 'Not this one.' },
  ExecuteScheduledTask: { success: true },
  AcceptEdgePayload: { success: true, handled: true },
  GetAsset: ({ asset_path: path }) => (path === 'ui/page.js' ? { success: true, content: Buffer.from('1'), mime_type: 'text/javascript', content_length: '1' } : refused('There is no such asset.')),
  ListAssets: { success: true, assets: [{ path: 'ui/page.js', mime_type: 'text/javascript', size: '1' }] },
  Call: refused('There is no such method.'),
  PortalCall: { success: true, data: '{"ok":true}' },
  GetResourceTypeRegistrations: { registrations: [{ slug: 'things', name: 'Things' }] },
  ListResourceInstances: { success: true, instances: [thing] },
  GetResourceInstance: ({ instance_id: id }) => (id === 'one' ? { success: true, instance: thing } : refused('There is no such thing.')),
  ValidateResourceSelection: ({ instance_ids: ids }) => (ids.every((id) => id === 'one') ? { valid: true } : { valid: false, error_message: 'There is no such thing.' }),
  CreateResourceInstance: refused('The payload is no JSON.'),
};

/** Section «not implemented» of the protocol. */
const BARE_ANSWERS = {
  ProcessPreAuth: {},
  Authenticate: { error_message: 'No authentication here.' },
  GetAppByCredential: refused('No apps here.'),
  GetUserByCredential: refused('No users here.'),
  ProcessPostAuth: {},
  OnBeforeWriteHeaders: {},
  OnBeforeWrite: {},
  OnStreamComplete: {},
  HandleProxyLog: { success: true },
  HandleAnalytics: { success: true },
  HandleBudgetUsage: { success: true },
  GetEndpointRegistrations: {},
  HandleEndpointRequest: { status_code: 501, error_message: 'No endpoints here.' },
  GetObjectHookRegistrations: {},
  HandleObjectHook: { allow_operation: true },
  ExecuteScheduledTask: { error: 'No tasks here.' },
  AcceptEdgePayload: {},
  GetAsset: refused('No assets here.'),
  ListAssets: refused('No assets here.'),
  Call: refused('No methods here.'),
  PortalCall: refused('No methods here.'),
  GetResourceTypeRegistrations: {},
  ListResourceInstances: refused('No resources here.'),
  GetResourceInstance: refused('No resources here.'),
  ValidateResourceSelection: { valid: true },
  CreateResourceInstance: refused('No resources here.'),
};

/** An answer of each RPC that a host cannot use. */
const UNUSABLE_ANSWERS = {
  ...FULL_ANSWERS,
  ProcessPreAuth: { block: true, status_code: 200 },
  Authenticate: { authenticated: true },
  GetAppByCredential: { success: true },
  GetUserByCredential: { success: false },
  ProcessPostAuth: { error: 'broken' },
  OnBeforeWriteHeaders: { modified: true },
  OnBeforeWrite: { modified: true },
  OnStreamComplete: { cached: true },
  HandleProxyLog: { success: false },
  HandleAnalytics: { success: false },
  HandleBudgetUsage: { success: false },
  HandleEndpointRequest: { status_code: 99 },
  HandleObjectHook: { allow_operation: false },
  ExecuteScheduledTask: { success: false },
  AcceptEdgePayload: { success: false, handled: true },
  GetAsset: { success: true, content: Buffer.from('root:x:0:0'), mime_type: 'text/plain' },
  ListAssets: { success: false },
  Call: { success: true, data: '<html>' },
  PortalCall: { success: false },
  ListResourceInstances: { success: true, instances: [thing, thing] },
  GetResourceInstance: { success: true, instance: { ...thing, id: 'another' } },
  ValidateResourceSelection: { valid: false },
  CreateResourceInstance: { success: true },
};

const STREAMS = {
  /** Sends as fast as it is read, until the caller has enough. */
  HandleEndpointRequestStream: (call) => {
    call.write({ type: 'HEADERS', status_code: 200 });
    const next = () => {
      while (!call.cancelled && call.write({ type: 'BODY', data: Buffer.alloc(65_536) }));
      if (!call.cancelled) call.once('drain', () => setTimeout(next, 5));
    };
    next();
  },
  HandleAgentMessage: (call) => {
    call.write({ type: 'CONTENT', content: 'Hello.' });
    call.write({ type: 'DONE', is_final: true });
    call.end();
  },
};

module.exports = { BARE_ANSWERS, FULL_ANSWERS, STREAMS, UNUSABLE_ANSWERS };
