import type { PluginDefinition } from '../host/plugin-host';

/** What a manifest that says nothing about it gets. */
const DEFAULT_IDLE_MS = 5 * 60_000;

/** How long a plugin may go on that nobody needs; undefined for one that runs always. What somebody else runs is theirs to start and to end. */
export function idleTimeoutOf({ deployment, onDemand }: Pick<PluginDefinition, 'deployment' | 'onDemand'>): number | undefined {
  if (!onDemand || deployment.kind === 'grpc') return undefined;
  return onDemand.idleTimeoutMs ?? DEFAULT_IDLE_MS;
}
