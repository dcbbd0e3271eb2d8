import { Injectable } from '@nestjs/common';
import { effectivePolicy, isPermitted } from '@sluice/governance';
import type { PluginStatus } from '@sluice/plugin-runtime';
import type { RequestContext } from '../../http/request-context';
import { GatewayService } from '../gateways';
import { permittedObjectHooks, policySourcesOf, PluginService, type PluginEntity } from '../plugins';
import type { PluginStatusView, ProcessStateView } from './plugin-host.schema';
import { StudioPluginHost } from './studio-plugin-host';

/** How a plugin fares, here and on every gateway. */
@Injectable()
export class PluginStatusService {
  constructor(
    private readonly plugins: PluginService,
    private readonly host: StudioPluginHost,
    private readonly gateways: GatewayService,
  ) {}

  async of(ctx: RequestContext, id: number): Promise<PluginStatusView> {
    const plugin = await this.plugins.get(ctx, id);
    const gateways = await this.gateways.pluginStates(id);
    return { plugin_id: id, is_active: plugin.isActive, studio: this.studioState(id), object_hooks: this.objectHooks(plugin), gateways };
  }

  private objectHooks(plugin: PluginEntity): PluginStatusView['object_hooks'] {
    const registered = this.host.serving(plugin.id)?.answers.objectHooks ?? [];
    const permitted = permittedObjectHooks(plugin);
    const sources = policySourcesOf(plugin);
    return registered.flatMap(({ objectType, hookTypes, priority }) =>
      hookTypes.map((type) => {
        const hook = `${objectType}.${type}`;
        return { hook, priority, policy: effectivePolicy(hook, sources).policy, permitted: isPermitted(hook, permitted) };
      }),
    );
  }

  private studioState(id: number): ProcessStateView | null {
    const status = this.host.status(id);
    if (status) return viewStatus(status);
    const reason = this.host.unusableReason(id);
    if (reason === undefined) return null;
    return { state: 'stopped', reason, since: new Date().toISOString(), generation: 0, pid: null, transport: null, restarts: 0, last_exit: null, reload_failed: null, last_log_lines: [], not_enforced: [], remarks: [], generations: [] };
  }
}

function viewStatus(status: PluginStatus): ProcessStateView {
  const { state, reason, generation, pid, restarts, lastExit } = status;
  return {
    state,
    reason,
    since: new Date(status.since).toISOString(),
    generation,
    pid,
    restarts,
    last_exit: lastExit && { ...lastExit, at: new Date(lastExit.at).toISOString() },
    reload_failed: status.reloadFailed,
    last_log_lines: [...status.lastLogLines],
    not_enforced: [...status.notEnforced],
    remarks: [...status.remarks],
    transport: status.transport,
    generations: status.generations.map(({ activeCalls, activeStreams, ...generation }) => ({
      ...generation,
      since: new Date(generation.since).toISOString(),
      active_calls: activeCalls,
      active_streams: activeStreams,
    })),
  };
}
