import type { SnapshotRecord } from '../records';
import { toPointer } from '../json-pointer';
import { snapshotErrors } from '../snapshot-errors';

/**
 * Checks what records say about each other: no kind and id twice, no slug twice among plugins, and every token
 * belongs to an app that is there.
 * @throws snapshotErrors.duplicateRecord, duplicateSlug or danglingReference.
 */
export function checkReferences(records: readonly SnapshotRecord[], context: Readonly<Record<string, unknown>> = {}): void {
  const seen = new Set<string>();
  const slugs = new Map<string, number>();
  for (const [index, record] of records.entries()) {
    const name = `${record.kind} ${record.id}`;
    if (seen.has(name)) {
      throw new snapshotErrors.duplicateRecord({ ...context, path: toPointer(['records', index]) }, { detail: `There are two records ${name}.` });
    }
    seen.add(name);
    if (record.kind !== 'plugin' || record.data.slug === null) continue;
    const { slug } = record.data;
    if (slugs.has(slug)) {
      const detail = `Plugins ${slugs.get(slug)} and ${record.id} both have the slug ${JSON.stringify(slug)}.`;
      throw new snapshotErrors.duplicateSlug({ ...context, path: toPointer(['records', index, 'data', 'slug']) }, { detail });
    }
    slugs.set(slug, record.data.id);
  }
  for (const [index, record] of records.entries()) {
    if (record.kind !== 'token' || seen.has(`app ${record.data.app_id}`)) continue;
    const detail = `Token ${record.id} belongs to app ${record.data.app_id}, which is not in the snapshot.`;
    throw new snapshotErrors.danglingReference({ ...context, path: toPointer(['records', index, 'data', 'app_id']) }, { detail });
  }
}
