import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import { passwordSchema } from './passwords';
import type { UserEntity } from './user.entity';

export const emailSchema = z.email('Write an email address.').max(254).transform((email) => email.toLowerCase());
const nameSchema = z.string().max(200);

export const createUserBody = z.strictObject({
  email: emailSchema,
  name: nameSchema.default(''),
  password: passwordSchema,
  is_admin: z.boolean().default(false),
  is_active: z.boolean().default(true),
});

export const updateUserBody = z.strictObject({
  email: emailSchema.optional(),
  name: nameSchema.optional(),
  password: passwordSchema.optional().describe('Logs the user out everywhere.'),
  is_admin: z.boolean().optional(),
  is_active: z.boolean().optional().describe('false logs the user out everywhere and stops its API keys.'),
});

export const userQuery = pageQuery.extend({ email: emailSchema.optional().describe('Only the user with this address.') });

export type CreateUser = z.output<typeof createUserBody>;
export type UpdateUser = z.output<typeof updateUserBody>;
export type UserQuery = z.output<typeof userQuery>;

export const userView = z.object({
  id: z.int(),
  organization_id: z.int(),
  email: z.string(),
  name: z.string(),
  is_admin: z.boolean(),
  is_active: z.boolean(),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function viewUser(user: UserEntity): z.input<typeof userView> {
  return {
    id: user.id,
    organization_id: user.organizationId,
    email: user.email,
    name: user.name,
    is_admin: user.isAdmin,
    is_active: user.isActive,
    version: user.version,
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
  };
}
