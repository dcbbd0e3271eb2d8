import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../http/request-context';
import { PluginDraft } from './plugin-draft';
import { pluginServiceErrors } from './plugin-errors';
import { PluginInspector } from './plugin-inspector';
import { manifestOf, scopesOf } from './plugin-manifest-of';
import { PluginService } from './plugin.service';
import type { PluginEntity } from './plugin.entity';

/** What an administrator does to a registered plugin without editing it. */
@Injectable()
export class PluginLifecycleService {
  constructor(
    private readonly plugins: PluginService,
    private readonly inspector: PluginInspector,
    private readonly draft: PluginDraft,
  ) {}

  /** A new generation everywhere, the old one serving until the new one is ready. */
  reload(ctx: RequestContext, id: number): Promise<PluginEntity> {
    return this.plugins.change(ctx, id, null, 'plugin.reload', (plugin) => {
      plugin.reloads += 1;
    });
  }

  /** Asks the process again for manifest and config schema, without initialising it, and takes them over if config and hooks still fit. */
  async validateAndLoad(ctx: RequestContext, id: number): Promise<PluginEntity> {
    const { command } = await this.plugins.get(ctx, id);
    const facts = await this.inspector.inspect(command);
    return this.plugins.change(ctx, id, null, 'plugin.validate_and_load', (plugin) => this.draft.refresh(plugin, facts));
  }

  /** What the plugin may use from now on. A scope that a later manifest adds waits until it is approved as well. */
  approveScopes(ctx: RequestContext, id: number, scopes: readonly string[]): Promise<PluginEntity> {
    return this.plugins.change(ctx, id, null, 'plugin.approve_scopes', (plugin) => {
      if (!manifestOf(plugin) && scopes.length > 0) throw new pluginServiceErrors.noManifest({ id });
      const { declared } = scopesOf(plugin);
      const faults = scopes.flatMap((scope, index) =>
        declared.includes(scope) ? [] : [{ pointer: `/scopes/${index}`, message: `The manifest does not declare "${scope}". It declares ${declared.join(', ') || 'no scopes'}.` }],
      );
      if (faults.length > 0) throw new pluginServiceErrors.scopesNotDeclared({ id }, { faults, detail: faults[0]?.message });
      plugin.approvedScopes = [...new Set(scopes)].sort();
    });
  }
}
