import { z } from 'zod';
import { namespaceSchema } from '../../snapshots';
import type { EnrolmentTokenEntity } from './enrolment-token.entity';

const DAY_SECONDS = 86_400;
const MAX_LIFE_SECONDS = 366 * DAY_SECONDS;

export const createEnrolmentTokenBody = z.strictObject({
  namespace: namespaceSchema.describe('Which gateways it admits; `default` is the namespace without a name.'),
  expires_in: z
    .int('Write a number of seconds.')
    .min(60, 'Give it at least 60 seconds.')
    .max(MAX_LIFE_SECONDS, 'Give it at most a year.')
    .nullable()
    .default(DAY_SECONDS)
    .describe('For how many seconds it admits gateways; null: until it is revoked. Gateways that it admitted stay.'),
  max_uses: z.int('Write a number of gateways, or null.').min(1, 'Write a number of gateways, or null.').max(100_000).nullable().default(1).describe('How many gateways it admits; null: any number.'),
});

export type CreateEnrolmentToken = z.output<typeof createEnrolmentTokenBody>;

export const enrolmentTokenView = z.object({
  id: z.int(),
  namespace: z.string(),
  prefix: z.string(),
  last_four: z.string(),
  max_uses: z.int().nullable(),
  uses: z.int(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

export const newEnrolmentTokenView = enrolmentTokenView.extend({ token: z.string().describe('For GATEWAY_ENROLMENT_TOKEN. Shown this once.') });

export function viewEnrolmentToken(row: EnrolmentTokenEntity): z.input<typeof enrolmentTokenView> {
  return {
    id: row.id,
    namespace: row.namespace,
    prefix: row.prefix,
    last_four: row.lastFour,
    max_uses: row.maxUses,
    uses: row.uses,
    expires_at: row.expiresAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}
