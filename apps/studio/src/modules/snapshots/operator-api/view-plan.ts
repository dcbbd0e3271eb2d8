import type { z } from 'zod';
import { recordDifference } from './record-difference';
import type { SnapshotPlan } from './snapshot-plan.service';
import type { planView } from './snapshot-plan.schema';

/** What is counted is more than what is listed. */
const LISTED = 200;

export function viewPlan({ newest, changes, brokenApps, lostEndpoints, faults }: SnapshotPlan): z.input<typeof planView> {
  const count = (fits: (change: SnapshotPlan['changes'][number]) => boolean): number => changes.filter(fits).length;
  return {
    namespace: newest.namespace,
    revision: newest.revision,
    added: count(({ before }) => before === null),
    changed: count(({ before, after }) => before !== null && after !== null),
    removed: count(({ after }) => after === null),
    changes: changes.slice(0, LISTED).map(recordDifference),
    broken_apps: brokenApps.slice(0, LISTED).map(({ id, name, reason, tokensRemoved, tokensLeft }) => ({ id, name, reason, tokens_removed: tokensRemoved, tokens_left: tokensLeft })),
    broken_apps_total: brokenApps.length,
    lost_endpoints: lostEndpoints.map(({ pluginId, name, slug }) => ({ plugin_id: pluginId, name, slug })),
    faults: faults.map(({ pointer, message }) => ({ pointer, message })),
  };
}
