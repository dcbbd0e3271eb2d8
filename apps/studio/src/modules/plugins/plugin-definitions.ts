import { Inject, Injectable } from '@nestjs/common';
import { isSluiceError } from '@sluice/kernel';
import { parseDeployment, type PluginDefinition, readLimits } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../../config';
import { LOGGER } from '../../process.module';
import { limitsOf, manifestOf, onDemandOf, scopesOf } from './plugin-manifest-of';
import { runsOn } from './plugin-rules';
import { PluginSecrets } from './plugin-secrets';
import { PluginEntity } from './plugin.entity';

/** Who may call `QueueControlPayload` on a gateway is called with `AcceptEdgePayload` in the studio. */
const SENDS_TO_STUDIO = 'control.send';

export interface StudioPlugins {
  definitions: PluginDefinition[];
  /** Plugins that cannot be started at all, and why. */
  unusable: ReadonlyMap<number, string>;
}

/** What the studio itself runs: active plugins with a hook that is served here, or with a half on gateways that sends to its half in the studio. */
@Injectable()
export class PluginDefinitions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secrets: PluginSecrets,
    private readonly config: StudioConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async ofStudio(): Promise<StudioPlugins> {
    const plugins = await this.dataSource.getRepository(PluginEntity).find({ where: { isActive: true }, order: { id: 'ASC' } });
    const definitions: PluginDefinition[] = [];
    const unusable = new Map<number, string>();
    for (const plugin of plugins.filter(runsOnStudio)) {
      try {
        definitions.push(this.define(plugin));
      } catch (error) {
        if (!isSluiceError(error)) throw error;
        unusable.set(plugin.id, error.message);
        this.logger.warn({ event: 'plugin.unusable', plugin_id: plugin.id, reason: error.message });
      }
    }
    return { definitions, unusable };
  }

  private define(plugin: PluginEntity): PluginDefinition {
    return {
      id: plugin.id,
      name: plugin.name,
      deployment: parseDeployment(plugin.command, { ...this.config.pluginHost.policy, digest: plugin.digest }),
      config: this.secrets.open(plugin),
      approvedScopes: scopesOf(plugin).effective,
      reloads: plugin.reloads,
      namespace: plugin.namespace,
      limits: readLimits(limitsOf(plugin)),
      onDemand: onDemandOf(plugin),
      compat: manifestOf(plugin)?.compat,
    };
  }
}

function runsOnStudio(plugin: PluginEntity): boolean {
  return runsOn('studio', plugin.hookTypes) || scopesOf(plugin).effective.includes(SENDS_TO_STUDIO);
}
