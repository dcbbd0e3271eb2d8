import { checkRequires, type ManifestRequirement } from '@sluice/plugin-manifest';

/** An active plugin, as far as others may need it or it needs others. */
export interface ActivePlugin {
  id: number;
  name: string;
  /** Which gateways get it; `''` for all. */
  namespace: string;
  /** null: it has no manifest, and nobody can name it. */
  manifestId: string | null;
  version: string;
  requires: readonly ManifestRequirement[];
}

/** What an active plugin needs and does not have. */
export interface UnmetNeed {
  plugin: ActivePlugin;
  /** Into its manifest. */
  pointer: string;
  message: string;
}

/** What of the needs of active plugins a change leaves unmet that was met before it, or was not asked for: a change need not mend what is broken already. */
export function newlyUnmet(before: readonly ActivePlugin[], after: readonly ActivePlugin[]): UnmetNeed[] {
  const known = new Set(unmetNeeds(before).map(keyOf));
  return unmetNeeds(after).filter((need) => !known.has(keyOf(need)));
}

function unmetNeeds(plugins: readonly ActivePlugin[]): UnmetNeed[] {
  return plugins
    .filter(({ requires }) => requires.length > 0)
    .flatMap((plugin) => checkRequires({ requires: [...plugin.requires] }, reaching(plugin, plugins)).map((fault) => ({ plugin, ...fault })));
}

/** A plugin finds those that are on all of its gateways. */
function reaching({ namespace }: ActivePlugin, plugins: readonly ActivePlugin[]): { manifestId: string; version: string }[] {
  return plugins.flatMap((other) => (other.manifestId !== null && (other.namespace === '' || other.namespace === namespace) ? [{ manifestId: other.manifestId, version: other.version }] : []));
}

function keyOf({ plugin, pointer, message }: UnmetNeed): string {
  return `${plugin.id} ${pointer} ${message}`;
}
