import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import { namespaceSchema } from '../snapshots';
import type { AppWithOwner } from './app-owners';

const nameSchema = z.string().trim().min(1, 'Must not be empty.').max(200);
const descriptionSchema = z.string().max(4_000);
const ownerSchema = z.int().min(1).max(2_147_483_647);
const budgetSchema = z.number().min(0, 'Must not be negative.').max(1e12).nullable().describe('null: no limit.');
const rateLimitSchema = z.int().min(0, 'Must not be negative.').max(1_000_000).describe('Requests a minute; 0: no limit.');
const metadataSchema = z
  .record(z.string().min(1, 'A name must not be empty.').max(100), z.string().max(4_000))
  .refine((metadata) => Object.keys(metadata).length <= 100, 'At most 100 members.')
  .describe('Plugins see it. No secrets.');

export const createAppBody = z.strictObject({
  name: nameSchema,
  description: descriptionSchema.default(''),
  owner_id: ownerSchema.optional().describe('A user of the organization; whoever makes the app when left out.'),
  is_active: z.boolean().default(true),
  monthly_budget: budgetSchema.default(null),
  rate_limit: rateLimitSchema.default(0),
  metadata: metadataSchema.default({}),
  namespace: namespaceSchema.default(''),
});

export const updateAppBody = z.strictObject({
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  owner_id: ownerSchema.optional(),
  is_active: z.boolean().optional(),
  monthly_budget: budgetSchema.optional(),
  rate_limit: rateLimitSchema.optional(),
  metadata: metadataSchema.optional().describe('Replaces all of it.'),
  namespace: namespaceSchema.optional(),
});

export const appQuery = pageQuery.extend({
  namespace: namespaceSchema.optional().describe('Only apps of this namespace; default for the one without a name.'),
  is_active: z.stringbool().optional(),
});

export type CreateApp = z.output<typeof createAppBody>;
export type UpdateApp = z.output<typeof updateAppBody>;
export type AppQuery = z.output<typeof appQuery>;

export const appView = z.object({
  id: z.int(),
  organization_id: z.int(),
  name: z.string(),
  description: z.string(),
  owner: z.object({ id: z.int(), email: z.string() }),
  is_active: z.boolean(),
  monthly_budget: z.number().nullable(),
  rate_limit: z.int(),
  metadata: z.record(z.string(), z.string()),
  namespace: z.string(),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function viewApp({ app, ownerEmail }: AppWithOwner): z.input<typeof appView> {
  return {
    id: app.id,
    organization_id: app.organizationId,
    name: app.name,
    description: app.description,
    owner: { id: app.ownerId, email: ownerEmail },
    is_active: app.isActive,
    monthly_budget: app.monthlyBudget,
    rate_limit: app.rateLimit,
    metadata: app.metadata,
    namespace: app.namespace,
    version: app.version,
    created_at: app.createdAt.toISOString(),
    updated_at: app.updatedAt.toISOString(),
  };
}
