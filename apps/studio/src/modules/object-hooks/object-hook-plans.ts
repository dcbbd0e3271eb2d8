import { Injectable } from '@nestjs/common';
import { planObjectHooks, type HookingPlugin, type ObjectHookPoint, type PlannedHook } from '@sluice/governance';
import { ArrayContains, DataSource } from 'typeorm';
import { permittedObjectHooks, PluginEntity, policySourcesOf } from '../plugins';
import { ObjectHookHost } from './object-hook-host';

/** Whom to ask about a write: the active plugins of the organization, in their order. */
@Injectable()
export class ObjectHookPlans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly host: ObjectHookHost,
  ) {}

  async at(organizationId: number, point: ObjectHookPoint): Promise<PlannedHook[]> {
    const plugins = await this.dataSource.getRepository(PluginEntity).find({
      where: { organizationId, isActive: true, hookTypes: ArrayContains(['object_hooks']) },
      select: { id: true, name: true, manifest: true, failurePolicies: true },
    });
    return planObjectHooks(
      point,
      plugins.map((plugin) => this.describe(plugin)),
    );
  }

  private describe(plugin: PluginEntity): HookingPlugin {
    const registered = this.host.serving(plugin.id)?.answers.objectHooks ?? null;
    return { id: plugin.id, name: plugin.name, permitted: permittedObjectHooks(plugin), registered, policies: policySourcesOf(plugin) };
  }
}
