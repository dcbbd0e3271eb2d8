import { PluginServiceService } from '@sluice/contracts/plugin';
import { BINDINGS } from './bindings';

/** Answered by every plugin, whatever it implements. */
const LIFECYCLE = ['initialize', 'ping', 'shutdown', 'openSession', 'closeSession'];

describe('the table of capabilities', () => {
  it('has one row for each RPC that an author may answer', () => {
    const answered = [...BINDINGS.map(({ rpc }) => rpc as string), ...LIFECYCLE].sort();
    expect(answered).toEqual(Object.keys(PluginServiceService).sort());
  });

  it('names each method of an author once', () => {
    const methods = BINDINGS.map(({ method }) => method as string);
    expect(new Set(methods).size).toBe(methods.length);
  });

  it('marks as streams what the protocol streams', () => {
    for (const { rpc, kind } of BINDINGS) expect([rpc, kind === 'stream']).toEqual([rpc, PluginServiceService[rpc].responseStream]);
  });
});
