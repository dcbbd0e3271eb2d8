import type { PluginStatus } from '@sluice/plugin-runtime';
import { toPluginState } from './to-plugin-state';

const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
const ready: PluginStatus = {
  pluginId: 3, state: 'ready', since: 1_700_000_000_000, reason: '', generation: 2, pid: 99, transport: 'lane', restarts: 0, lastExit: null, lastLogLines: lines, reloadFailed: null, notEnforced: ['No pid limit.'],
  remarks: ['It writes too much.'],
  generations: [{ generation: 2, state: 'ready', since: 1_700_000_000_000, pid: 99, activeCalls: 3, activeStreams: 1 }],
};

describe('toPluginState', () => {
  it('says little about a plugin that is well', () => {
    expect(toPluginState(ready)).toEqual({
      pluginId: 3, generation: 2, state: 'ready', reason: '', sinceMs: 1_700_000_000_000n, exitCode: undefined, exitSignal: '', lastLogLines: lines.slice(180), restarts: 0,
      notEnforced: ['No pid limit.'],
      remarks: ['It writes too much.'],
      transport: 'lane',
      generations: [{ generation: 2, state: 'ready', sinceMs: 1_700_000_000_000n, activeCalls: 3, activeStreams: 1 }],
    });
  });

  it('shows how the last process ended and what it printed', () => {
    const status = { ...ready, state: 'backoff' as const, reason: 'Killed.', restarts: 1, lastExit: { code: null, signal: 'SIGKILL', generation: 2, at: 5 } };
    expect(toPluginState(status)).toMatchObject({ state: 'backoff', reason: 'Killed.', exitCode: undefined, exitSignal: 'SIGKILL', lastLogLines: lines, restarts: 1 });
    expect(toPluginState({ ...status, lastExit: { code: 0, signal: null, generation: 2, at: 5 } })).toMatchObject({ exitCode: 0, exitSignal: '' });
  });

  it('names no transport while nothing serves', () => {
    expect(toPluginState({ ...ready, transport: null }).transport).toBe('');
  });

  it('says why a reload failed while the generation before it serves', () => {
    expect(toPluginState({ ...ready, reloadFailed: 'No handshake.' }).reason).toBe('The reload failed, the generation before it serves: No handshake.');
  });
});
