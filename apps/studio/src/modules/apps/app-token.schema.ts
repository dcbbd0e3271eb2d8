import { z } from 'zod';
import { expirySchema } from '../../http/expiry';
import type { AppTokenEntity } from './app-token.entity';

export const createTokenBody = z.strictObject({
  name: z.string().trim().min(1, 'Must not be empty.').max(200),
  scopes: z
    .array(z.string().regex(/^[\w.:/*-]{1,100}$/, 'Use letters, digits and . : / * _ -, at most 100.'))
    .max(50)
    .default([])
    .transform((scopes) => [...new Set(scopes)])
    .describe('What plugins see in the app; theirs to give a meaning to.'),
  expires_at: expirySchema,
});

export type CreateToken = z.output<typeof createTokenBody>;

export const tokenView = z.object({
  id: z.int(),
  app_id: z.int(),
  name: z.string(),
  prefix: z.string(),
  last_four: z.string(),
  scopes: z.array(z.string()),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

export const newTokenView = tokenView.extend({ token: z.string().describe('Shown this once.') });

export function viewToken(row: AppTokenEntity): z.input<typeof tokenView> {
  return {
    id: row.id,
    app_id: row.appId,
    name: row.name,
    prefix: row.prefix,
    last_four: row.lastFour,
    scopes: row.scopes,
    expires_at: row.expiresAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}
