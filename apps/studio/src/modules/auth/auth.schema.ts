import { z } from 'zod';
import { expirySchema } from '../../http/expiry';
import { ALL_SCOPES, STUDIO_SCOPES } from '../../http/scopes';
import { emailSchema, type UserEntity } from '../users';
import type { ApiKeyEntity } from './api-key.entity';

export const loginBody = z.strictObject({ email: emailSchema, password: z.string().min(1, 'Must not be empty.').max(200) });

export type Login = z.output<typeof loginBody>;

export const meView = z.object({
  id: z.int(),
  email: z.string(),
  name: z.string(),
  is_admin: z.boolean(),
  organization_id: z.int(),
  scopes: z.array(z.string()),
});

export function viewMe(user: UserEntity, scopes: readonly string[]): z.input<typeof meView> {
  return { id: user.id, email: user.email, name: user.name, is_admin: user.isAdmin, organization_id: user.organizationId, scopes: [...scopes] };
}

export const createApiKeyBody = z.strictObject({
  name: z.string().trim().min(1, 'Must not be empty.').max(200),
  scopes: z.array(z.enum([ALL_SCOPES, ...STUDIO_SCOPES], 'There is no such scope.')).min(1, 'Name at least one scope.').transform((scopes) => [...new Set(scopes)]),
  expires_at: expirySchema,
});

export type CreateApiKey = z.output<typeof createApiKeyBody>;

export const apiKeyView = z.object({
  id: z.int(),
  name: z.string(),
  prefix: z.string(),
  last_four: z.string(),
  scopes: z.array(z.string()),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

export const newApiKeyView = apiKeyView.extend({ key: z.string().describe('Shown this once.') });

export function viewApiKey(row: ApiKeyEntity): z.input<typeof apiKeyView> {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    last_four: row.lastFour,
    scopes: row.scopes,
    expires_at: row.expiresAt?.toISOString() ?? null,
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}
