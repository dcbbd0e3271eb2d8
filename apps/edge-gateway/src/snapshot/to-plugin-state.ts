import { PluginState } from '@sluice/contracts/edge';
import type { PluginStatus } from '@sluice/plugin-runtime';

const LINES_OF_A_HEALTHY_PLUGIN = 20;

/** What the studio learns about a plugin. All its log lines travel only while they explain something. */
export function toPluginState(status: PluginStatus): PluginState {
  const { lastExit, lastLogLines } = status;
  const healthy = status.reason === '' && status.reloadFailed === null && lastExit === null;
  return PluginState.fromPartial({
    pluginId: status.pluginId,
    generation: status.generation,
    state: status.state,
    reason: status.reason || (status.reloadFailed === null ? '' : `The reload failed, the generation before it serves: ${status.reloadFailed}`),
    sinceMs: BigInt(Math.trunc(status.since)),
    exitCode: lastExit?.code ?? undefined,
    exitSignal: lastExit?.signal ?? '',
    lastLogLines: healthy ? lastLogLines.slice(-LINES_OF_A_HEALTHY_PLUGIN) : [...lastLogLines],
    restarts: status.restarts,
    notEnforced: [...status.notEnforced],
    remarks: [...status.remarks],
    transport: status.transport ?? '',
    generations: status.generations.map(({ generation, state, since, activeCalls, activeStreams }) => ({ generation, state, sinceMs: BigInt(Math.trunc(since)), activeCalls, activeStreams })),
  });
}
