import { Injectable } from '@nestjs/common';
import type { ManifestRequirement } from '@sluice/plugin-manifest';
import type { EntityManager } from 'typeorm';
import { pluginServiceErrors } from './plugin-errors';
import { newlyUnmet, type ActivePlugin, type UnmetNeed } from './plugin-needs';
import type { PluginEntity } from './plugin.entity';

type Written = Pick<PluginEntity, 'id' | 'name' | 'organizationId'>;

/** Keeps active plugins from running without the plugins that their manifests require. */
@Injectable()
export class PluginRequirements {
  /**
   * Writes inside the caller's transaction, and throws when that leaves an active plugin of the organization without something that it needs: the written
   * one itself, or another one that needs it. Such writes of an organization take turns.
   */
  async guard<T>(tx: EntityManager, written: Written, write: () => Promise<T>): Promise<T> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('plugin-requirements'), $1)`, [written.organizationId]);
    const before = await activePlugins(tx, written.organizationId);
    const result = await write();
    const unmet = newlyUnmet(before, await activePlugins(tx, written.organizationId));
    const own = unmet.filter(({ plugin }) => plugin.id === written.id);
    if (own.length > 0) throw missing(written, own);
    if (unmet.length > 0) throw stillRequired(written, unmet[0]!);
    return result;
  }
}

async function activePlugins(tx: EntityManager, organizationId: number): Promise<ActivePlugin[]> {
  const rows: { id: number; name: string; namespace: string; manifest_id: string | null; version: string | null; requires: ManifestRequirement[] | null }[] = await tx.query(
    `SELECT id, name, namespace, manifest->>'id' AS manifest_id, manifest->>'version' AS version, manifest->'requires' AS requires
       FROM plugins WHERE is_active AND organization_id = $1 ORDER BY id`,
    [organizationId],
  );
  return rows.map(({ manifest_id: manifestId, version, requires, ...row }) => ({ ...row, manifestId, version: version ?? '', requires: requires ?? [] }));
}

function missing({ id, name }: Written, needs: readonly UnmetNeed[]): Error {
  const faults = needs.map(({ pointer, message }) => ({ pointer: `/manifest${pointer}`, message }));
  const detail = `"${name}" cannot be active. ${faults[0]!.message} Register and activate that plugin first, on all gateways of this one.`;
  return new pluginServiceErrors.requirementMissing({ id }, { detail, faults });
}

function stillRequired({ id, name }: Written, { plugin, message }: UnmetNeed): Error {
  const detail = `"${name}" is required by the active plugin "${plugin.name}" (id ${plugin.id}), which would be left without it. ${message} Deactivate or change "${plugin.name}" first.`;
  return new pluginServiceErrors.stillRequired({ id, requiredBy: plugin.id }, { detail });
}
