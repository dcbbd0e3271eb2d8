import type { PluginData } from '@sluice/config-snapshot';
import { isSluiceError, type Clock } from '@sluice/kernel';
import { type DeploymentOptions, parseDeployment, type PluginDefinition, type PluginGeneration, type PluginHost, type PluginStatus, readLimits } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { GatewayState } from './gateway-state';

/** Keeps the processes of the host in step with the plugins of the snapshot. */
export class PluginFleet {
  private definitions = new Map<number, PluginDefinition>();
  private rejected = new Map<number, PluginStatus>();
  /** Why plugins that run are not what the snapshot says. */
  private held = new Map<number, string>();
  private readonly settledIds = new Set<number>();

  constructor(
    private readonly host: PluginHost,
    private readonly clock: Clock,
    private readonly logger: Logger,
    /** Where plugins, and the certificates for those that run elsewhere, may lie. */
    private readonly policy: Pick<DeploymentOptions, 'roots' | 'tlsDirectory'> = {},
  ) {}

  /**
   * Returns at once; each plugin converges by itself.
   * @param waiting what the others wait for, by id. One that runs goes on as it is.
   */
  apply(plugins: readonly PluginData[], waiting: ReadonlyMap<number, string> = new Map()): void {
    const definitions = new Map<number, PluginDefinition>();
    const rejected = new Map<number, PluginStatus>();
    const held = new Map<number, string>();
    for (const plugin of plugins) {
      try {
        definitions.set(plugin.id, toDefinition(plugin, this.policy));
      } catch (error) {
        const reason = isSluiceError(error) ? error.message : 'The plugin command cannot be used.';
        this.logger.error({ pluginId: plugin.id, plugin: plugin.name, reason, err: error }, 'plugin cannot run here');
        // A process that runs goes on: a command that does not fit is no reason to end it.
        const before = this.definitions.get(plugin.id);
        if (before) definitions.set(plugin.id, before);
        else rejected.set(plugin.id, stopped(plugin.id, reason, this.clock.now()));
      }
    }
    for (const [id, reason] of waiting) {
      const before = this.definitions.get(id);
      if (before) definitions.set(id, before);
      if (before) held.set(id, reason);
      else rejected.set(id, stopped(id, reason, this.rejected.get(id)?.since ?? this.clock.now()));
      this.logger.warn({ event: 'plugin.waits_for_key', pluginId: id, reason }, 'plugin waits for a key');
    }
    this.definitions = definitions;
    this.rejected = rejected;
    this.held = held;
    this.host.apply([...definitions.values()]);
  }

  /** The generation that takes calls now. */
  serving(pluginId: number): PluginGeneration | undefined {
    return this.host.serving(pluginId);
  }

  statuses(): PluginStatus[] {
    return [...this.host.statuses().map((status) => this.withReason(status)), ...this.rejected.values()];
  }

  /** True when no endpoint plugin of this state is in its first start any more, whether that succeeded or failed. */
  settled(state: GatewayState): boolean {
    return state.plugins.every((plugin) => !plugin.hooks.includes('custom_endpoint') || this.isSettled(plugin.id));
  }

  private withReason(status: PluginStatus): PluginStatus {
    const reason = this.held.get(status.pluginId);
    return reason === undefined ? status : { ...status, reason: status.reason || reason, remarks: [...status.remarks, reason] };
  }

  private isSettled(pluginId: number): boolean {
    if (this.settledIds.has(pluginId)) return true;
    const status = this.rejected.get(pluginId) ?? this.host.status(pluginId);
    if (!status || (status.state === 'starting' && status.restarts === 0 && !this.host.serving(pluginId))) return false;
    this.settledIds.add(pluginId);
    return true;
  }
}

function toDefinition(plugin: PluginData, { roots, tlsDirectory }: Pick<DeploymentOptions, 'roots' | 'tlsDirectory'>): PluginDefinition {
  return {
    id: plugin.id,
    name: plugin.name,
    deployment: parseDeployment(plugin.command, { roots, tlsDirectory, digest: plugin.digest }),
    config: plugin.config,
    approvedScopes: plugin.approved_scopes,
    reloads: plugin.reloads,
    ...(plugin.limits && { limits: readLimits(plugin.limits) }),
    ...(plugin.compat && { compat: { ...plugin.compat, api: plugin.compat.api ?? [] } }),
  };
}

function stopped(pluginId: number, reason: string, now: number): PluginStatus {
  return { pluginId, state: 'stopped', since: now, reason, generation: 0, pid: null, transport: null, restarts: 0, lastExit: null, lastLogLines: [], reloadFailed: null, notEnforced: [], remarks: [], generations: [] };
}
