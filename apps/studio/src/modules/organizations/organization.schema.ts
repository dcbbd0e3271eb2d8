import { z } from 'zod';
import type { OrganizationEntity } from './organization.entity';

export const updateOrganizationBody = z.strictObject({
  name: z.string().trim().min(1, 'Must not be empty.').max(200).optional(),
  description: z.string().max(4_000).optional(),
});

export type UpdateOrganization = z.output<typeof updateOrganizationBody>;

export const organizationView = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function viewOrganization(organization: OrganizationEntity): z.input<typeof organizationView> {
  const { id, name, description, version, createdAt, updatedAt } = organization;
  return { id, name, description, version, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
