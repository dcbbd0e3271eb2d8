import { z } from 'zod';
import type { GroupEntity } from './group.entity';

const nameSchema = z.string().trim().min(1, 'Must not be empty.').max(200);
const descriptionSchema = z.string().max(4_000);

export const createGroupBody = z.strictObject({ name: nameSchema, description: descriptionSchema.default('') });
export const updateGroupBody = z.strictObject({ name: nameSchema.optional(), description: descriptionSchema.optional() });

export type CreateGroup = z.output<typeof createGroupBody>;
export type UpdateGroup = z.output<typeof updateGroupBody>;

export const groupView = z.object({
  id: z.int(),
  organization_id: z.int(),
  name: z.string(),
  description: z.string(),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function viewGroup(group: GroupEntity): z.input<typeof groupView> {
  const { id, organizationId, name, description, version, createdAt, updatedAt } = group;
  return { id, organization_id: organizationId, name, description, version, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
