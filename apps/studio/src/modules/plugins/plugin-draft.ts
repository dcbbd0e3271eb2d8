import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@sluice/config-snapshot';
import type { Hook } from '@sluice/plugin-manifest';
import { httpErrors } from '../../http/errors';
import { pluginServiceErrors } from './plugin-errors';
import { manifestOf } from './plugin-manifest-of';
import type { PluginPackage } from './plugin-package';
import { checkPlugin } from './plugin-rules';
import { PluginSecrets, secretPointersOf } from './plugin-secrets';
import type { PluginCreate, PluginPatch } from './plugin.schema';
import { PluginEntity } from './plugin.entity';
import { keepSecrets, maskSecrets } from './secret-config';

/** Brings what was sent and what the process says together into a row, or refuses with every fault. */
@Injectable()
export class PluginDraft {
  constructor(private readonly secrets: PluginSecrets) {}

  create(id: number, organizationId: number, sent: PluginCreate, facts: PluginPackage): PluginEntity {
    const { name, description, command, namespace } = sent;
    const plugin = Object.assign(new PluginEntity(), { id, organizationId, name, description, command, namespace, isActive: sent.is_active, failurePolicies: sent.failure_policies, config: {}, approvedScopes: [], reloads: 0 });
    takeFacts(plugin, facts);
    this.settle(plugin, sent.hook_types, keepSecrets(sent.config, {}, secretPointersOf(plugin)));
    return plugin;
  }

  /** @param facts null while the command stays the same. */
  change(plugin: PluginEntity, sent: PluginPatch, facts: PluginPackage | null): void {
    // Somebody else changed the command while this process was asking the one that they replaced.
    if (!facts && sent.command !== undefined && sent.command !== plugin.command) throw new httpErrors.preconditionFailed();
    const current = this.secrets.open(plugin);
    const config = sent.config === undefined ? current : keepSecrets(sent.config, current, secretPointersOf({ ...plugin, configSchema: facts ? facts.configSchema : plugin.configSchema }));
    plugin.name = sent.name ?? plugin.name;
    plugin.description = sent.description ?? plugin.description;
    plugin.command = sent.command ?? plugin.command;
    plugin.namespace = sent.namespace ?? plugin.namespace;
    plugin.isActive = sent.is_active ?? plugin.isActive;
    plugin.failurePolicies = sent.failure_policies ?? plugin.failurePolicies;
    if (facts) takeFacts(plugin, facts);
    this.settle(plugin, sent.hook_types === undefined ? keptHooks(plugin) : (sent.hook_types ?? undefined), config);
  }

  /** The same plugin with what its process says now. */
  refresh(plugin: PluginEntity, facts: PluginPackage): void {
    const config = this.secrets.open(plugin);
    takeFacts(plugin, facts);
    this.settle(plugin, keptHooks(plugin), config);
  }

  /** What the audit trail and a comparison may see of a plugin. */
  describe(plugin: PluginEntity): Record<string, unknown> {
    const { name, description, command, digest, namespace, slug, reloads } = plugin;
    return {
      name,
      description,
      command,
      digest,
      config: maskSecrets(plugin.config, []),
      hook_types: [...plugin.hookTypes],
      namespace,
      is_active: plugin.isActive,
      failure_policies: { ...plugin.failurePolicies },
      slug,
      approved_scopes: [...plugin.approvedScopes],
      reloads,
      manifest_version: manifestOf(plugin)?.version ?? null,
    };
  }

  private settle(plugin: PluginEntity, hookTypes: readonly string[] | undefined, config: JsonObject): void {
    const facts: PluginPackage = { manifest: manifestOf(plugin), configSchema: plugin.configSchema, warnings: plugin.manifestWarnings, digest: plugin.digest };
    const checked = checkPlugin({ hookTypes, config }, facts);
    if (!checked.ok) throw new pluginServiceErrors.invalid({}, { faults: checked.faults, detail: checked.faults[0]?.message });
    plugin.hookTypes = checked.hookTypes;
    plugin.hookTypesCustomized = hookTypes !== undefined && hookTypes.length > 0;
    plugin.slug = checked.slug;
    plugin.config = this.secrets.seal(plugin.id, config, secretPointersOf(plugin));
  }
}

function takeFacts(plugin: PluginEntity, facts: PluginPackage): void {
  plugin.manifest = facts.manifest as unknown as JsonObject | null;
  plugin.configSchema = facts.configSchema;
  plugin.manifestWarnings = [...facts.warnings];
  plugin.digest = facts.digest;
}

function keptHooks(plugin: PluginEntity): Hook[] | undefined {
  return plugin.hookTypesCustomized ? plugin.hookTypes : undefined;
}
