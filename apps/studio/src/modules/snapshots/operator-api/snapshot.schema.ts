import { z } from 'zod';
import { pageQuery } from '../../../http/pagination';
import { namespaceSchema } from '../namespace';
import type { StoredRevision } from '../storage/stored-revision';
import type { RecordDifference } from './record-difference';
import type { RevisionDetails } from './revision-details';

const namespace = namespaceSchema.default('').describe('Whose snapshots; default for the namespace without a name.');
const revision = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const snapshotsQuery = pageQuery.extend({ namespace });
export type SnapshotsQuery = z.output<typeof snapshotsQuery>;

export const snapshotQuery = z.strictObject({ namespace });
export type SnapshotQuery = z.output<typeof snapshotQuery>;

export const diffQuery = pageQuery.extend({
  cursor: z.string().max(400).optional().describe('The next_cursor of the page before.'),
  namespace,
  from: revision.describe('The revision that is compared.'),
  to: revision.describe('The revision that it is compared with.'),
});
export type DiffQuery = z.output<typeof diffQuery>;

const snapshotFields = {
  namespace: z.string(),
  epoch: z.string().describe('Changes after a restore from backup.'),
  revision: z.int(),
  parent: z.int().nullable().describe('The revision before it; null for the first of an epoch.'),
  root: z.string().describe('The root hash of its records.'),
  format: z.int(),
  key_id: z.string().describe('The key that it was signed with.'),
  records: z.int().describe('How many records it has.'),
  upserts: z.int().describe('How many records it sets that its parent has not, or has otherwise.'),
  deletes: z.int().describe('How many records of its parent it has not.'),
  created_at: z.iso.datetime(),
};

export const snapshotView = z.object(snapshotFields);

export const snapshotDetailsView = z.object({
  ...snapshotFields,
  kinds: z.record(z.string(), z.int()).describe('How many records of each kind.'),
  is_newest: z.boolean(),
});

export const differenceView = z.object({
  kind: z.string(),
  id: z.string(),
  name: z.string().nullable(),
  change: z.enum(['added', 'changed', 'removed']),
  before: z.record(z.string(), z.unknown()).nullable().describe('The data of the record, secrets and token hashes left out; null where there is none.'),
  after: z.record(z.string(), z.unknown()).nullable(),
  pointers: z.array(z.string()).describe('What differs in a record that was changed, as JSON pointers into its data; at most 50.'),
});

export function viewSnapshot({ namespace, epoch, revision, parent, root, records, upserts, deletes, signed, createdAt }: StoredRevision): z.input<typeof snapshotView> {
  return { namespace, epoch, revision, parent, root, format: signed.header.format, key_id: signed.key_id, records, upserts, deletes, created_at: createdAt.toISOString() };
}

export function viewSnapshotDetails({ stored, kinds, isNewest }: RevisionDetails): z.input<typeof snapshotDetailsView> {
  return { ...viewSnapshot(stored), kinds, is_newest: isNewest };
}

export function viewDifference(difference: RecordDifference): z.input<typeof differenceView> {
  return difference;
}
