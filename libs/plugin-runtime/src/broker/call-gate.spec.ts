import { status as Status } from '@grpc/grpc-js';
import { FakeClock } from '@sluice/kernel';
import { CallGate } from './call-gate';
import type { RefusedCall } from './refused-calls';

const METHOD = '/a.B/C';
const caller = (pluginId: number) => ({ pluginId, pluginName: `plugin-${pluginId}`, manifestId: '', approvedScopes: [], generation: 1 });

describe('CallGate', () => {
  const clock = new FakeClock(1_000);
  let refused: RefusedCall[];
  let gate: CallGate;
  beforeEach(() => {
    refused = [];
    gate = new CallGate({ callsPerSecond: 10, bytesPerSecond: 10 * 1_048_576 }, clock, (call) => refused.push(call));
  });

  it('refuses a plugin that calls too often, in a sentence, and no other plugin', () => {
    for (let index = 0; index < 40; index += 1) gate.admit(caller(1), METHOD, 10);
    const message = 'Plugin "plugin-1" makes more than 10 calls a second. Make fewer calls, or raise PLUGIN_SERVICE_API_CALLS.';
    expect(() => gate.admit(caller(1), METHOD, 10)).toThrow(expect.objectContaining({ code: 'plugin.callLimited', kind: 'rate_limited', message }));
    expect(refused).toMatchObject([{ pluginId: 1, pluginName: 'plugin-1', method: METHOD, reason: 'rate', message, repeated: 0 }]);
    gate.admit(caller(2), METHOD, 10);
    clock.advance(100);
    gate.admit(caller(1), METHOD, 10);
  });

  it('refuses a plugin that sends too much', () => {
    for (let index = 0; index < 8; index += 1) gate.admit(caller(1), METHOD, 5 * 1_048_576);
    expect(() => gate.admit(caller(1), METHOD, 5 * 1_048_576)).toThrow(expect.objectContaining({ code: 'plugin.callLimited', message: expect.stringContaining('PLUGIN_SERVICE_API_BYTES') }));
    expect(refused).toMatchObject([{ reason: 'size' }]);
  });

  it('tells of calls for which a scope is missing', () => {
    gate.ended(caller(1), METHOD, null);
    gate.ended(caller(1), METHOD, { code: Status.NOT_FOUND, details: 'key not found' });
    expect(refused).toEqual([]);
    gate.ended(caller(1), METHOD, { code: Status.PERMISSION_DENIED, details: 'it needs the scope apps.read' });
    expect(refused).toMatchObject([{ reason: 'scope', message: 'it needs the scope apps.read' }]);
  });
});
