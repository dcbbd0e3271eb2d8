import { PluginServiceService } from '@sluice/contracts/plugin';
import { answer, RawHost } from '../testing/raw-host';

type Answers = Record<string, unknown>;

// Real processes on a busy machine.
jest.setTimeout(60_000);

let host: RawHost;
beforeAll(() => {
  host = RawHost.spawn('bare-plugin');
});
afterAll(() => host.close());

/** What a plugin that implements nothing answers: section 6 of the protocol, for every RPC. A text stands for a status UNKNOWN. */
const EXPECTED: Record<keyof PluginServiceService, Answers | string> = {
  initialize: { success: true },
  ping: { timestamp: 0n, healthy: true },
  shutdown: { success: true },
  processPreAuth: { modified: false, block: false },
  authenticate: { authenticated: false },
  getAppByCredential: { success: false, errorMessage: expect.stringMatching(/\w/) },
  getUserByCredential: { success: false, errorMessage: expect.stringMatching(/\w/) },
  processPostAuth: { modified: false, block: false },
  onBeforeWriteHeaders: { modified: false },
  onBeforeWrite: { modified: false },
  onStreamComplete: { handled: false },
  handleProxyLog: { success: true, handled: false },
  handleAnalytics: { success: true, handled: false },
  handleBudgetUsage: { success: true, handled: false },
  getAsset: { success: false, errorMessage: expect.stringMatching(/\w/) },
  listAssets: { success: false, errorMessage: expect.stringMatching(/\w/) },
  getManifest: { success: false, errorMessage: expect.stringMatching(/\w/) },
  call: { success: false, errorMessage: expect.stringMatching(/\w/) },
  portalCall: { success: false, errorMessage: expect.stringMatching(/\w/) },
  getConfigSchema: { success: true, schemaJson: '{}' },
  handleAgentMessage: 'This plugin is not an agent.',
  getObjectHookRegistrations: { registrations: [] },
  handleObjectHook: { allowOperation: true, modified: false },
  executeScheduledTask: 'This plugin has no scheduled tasks.',
  acceptEdgePayload: { success: false, handled: false },
  getEndpointRegistrations: { registrations: [] },
  handleEndpointRequest: { statusCode: 501, errorMessage: expect.stringMatching(/\w/) },
  handleEndpointRequestStream: 'This plugin does not stream endpoint responses.',
  getResourceTypeRegistrations: { registrations: [] },
  listResourceInstances: { success: false, errorMessage: expect.stringMatching(/\w/) },
  getResourceInstance: { success: false, errorMessage: expect.stringMatching(/\w/) },
  validateResourceSelection: { valid: true },
  createResourceInstance: { success: false, errorMessage: expect.stringMatching(/\w/) },
  openSession: { success: false, errorMessage: 'The host has not offered its services to this plugin.' },
  closeSession: { success: true },
};

describe('a plugin that implements nothing', () => {
  // `shutdown` ends the process and is asked last.
  const names = (Object.keys(EXPECTED) as (keyof PluginServiceService)[]).filter((name) => name !== 'shutdown');

  it.each([...names, 'shutdown' as const])('answers %s', async (name) => {
    const expected = EXPECTED[name];
    const result = call(name);
    if (typeof expected === 'string') await expect(result).rejects.toMatchObject({ code: 2, details: expected });
    else expect(await result).toMatchObject(expected);
  });

  it('answers what is asked before a plugin is run', async () => {
    const fresh = RawHost.spawn('bare-plugin');
    const client = await fresh.config();
    expect(await answer((done) => client.ping({ timestamp: 5n }, done))).toEqual({ timestamp: 5n, healthy: true });
    expect(await answer((done) => client.getManifest({}, done))).toEqual({ success: true, manifestJson: '{}', errorMessage: '' });
    expect(await answer((done) => client.getConfigSchema({}, done))).toEqual({ success: true, schemaJson: '{}', errorMessage: '' });
    await fresh.close();
  });
});

/** Any RPC with an empty request; the first message of a stream. */
async function call(name: keyof PluginServiceService): Promise<unknown> {
  const client = await host.plugin();
  const method = PluginServiceService[name];
  const request = Buffer.alloc(0);
  const pass = (bytes: Buffer) => bytes;
  if (!method.responseStream) {
    const response = await answer<Buffer>((done) => client.makeUnaryRequest(method.path, pass, pass, request, done));
    return method.responseDeserialize(response);
  }
  return new Promise((resolve, reject) => {
    client.makeServerStreamRequest(method.path, pass, pass, request).on('data', resolve).on('error', reject);
  });
}
