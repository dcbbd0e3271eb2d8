import type { RecordKind, SnapshotRecord } from '@sluice/config-snapshot';
import { z } from 'zod';
import { namespaceSchema } from '../namespace';
import { differenceView } from './snapshot.schema';

const kind = z.enum(['app', 'plugin', 'token'] satisfies RecordKind[]);
const id = z.string().regex(/^[1-9]\d{0,9}$/, 'Write the id in decimal.');
const namespace = namespaceSchema.default('').describe('Whose gateways; default for the namespace without a name.');
const record = z.strictObject({ kind, id, data: z.record(z.string(), z.json()) }).transform((value) => value as unknown as SnapshotRecord);

export const planBody = z.union([
  z.strictObject({ namespace, restore: z.int().min(0).describe('The revision that would be restored.') }),
  z.strictObject({
    namespace,
    upserts: z.array(record).max(1_000).default([]).describe('Records that would be set.'),
    deletes: z.array(z.strictObject({ kind, id })).max(1_000).default([]).describe('Records that would be removed.'),
  }),
]);
export type PlanBody = z.output<typeof planBody>;

const brokenApp = z.object({
  id: z.int(),
  name: z.string().nullable(),
  reason: z.enum(['removed', 'no_tokens', 'fewer_tokens']),
  tokens_removed: z.int(),
  tokens_left: z.int(),
});

const lostEndpoint = z.object({ plugin_id: z.int(), name: z.string().nullable(), slug: z.string() });

export const planView = z.object({
  namespace: z.string(),
  revision: z.int().describe('The newest revision, which the plan is compared with.'),
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  changes: z.array(differenceView).describe('The first 200.'),
  broken_apps: z.array(brokenApp).describe('Apps that would be refused, or some of whose tokens would be: the first 200.'),
  broken_apps_total: z.int(),
  lost_endpoints: z.array(lostEndpoint).describe('Addresses under /plugins/ that would answer 404, whichever app calls them.'),
  faults: z.array(z.object({ pointer: z.string(), message: z.string() })).describe('Why gateways would refuse it. Empty: they would take it.'),
});

export const restoreBody = z.strictObject({ namespace });
export type RestoreBody = z.output<typeof restoreBody>;
