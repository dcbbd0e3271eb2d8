import { z } from 'zod';
import type { AppData, GatewayKeyData, JsonObject, PluginCompatData, PluginData, PluginLimitsData, RecordKind, RecordKinds, TokenData } from './records';

const id = z.uint32().min(1);
const count = z.uint32();
const unixSeconds = z.int().min(0);

// Any object will do: what was parsed from JSON holds nothing but JSON.
const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'Must be an object.');

const app = z.looseObject({
  id,
  name: z.string(),
  description: z.string(),
  owner_email: z.string(),
  is_active: z.boolean(),
  monthly_budget: z.number().min(0).nullable(),
  rate_limit: count,
  metadata: z.record(z.string(), z.string()),
  namespace: z.string(),
  created_at: unixSeconds,
  updated_at: unixSeconds,
}) satisfies z.ZodType<AppData>;

const limits = z.looseObject({
  memory_mb: count.optional(),
  pids: count.optional(),
  nofile: count.optional(),
  cpu: z.number().positive().optional(),
  network: z.enum(['host', 'none']).optional(),
  start_timeout_ms: count.optional(),
}) satisfies z.ZodType<PluginLimitsData>;

const compat = z.looseObject({
  app: z.string().optional(),
  api: z.array(z.string()).optional(),
  min_gateway_version: z.string().optional(),
}) satisfies z.ZodType<PluginCompatData>;

const plugin = z.looseObject({
  id,
  name: z.string(),
  namespace: z.string(),
  organization_id: id,
  slug: z.string().regex(/^[^/?#\s]+$/, 'Must be one segment of a path.').nullable(),
  command: z.string().min(1),
  hooks: z.array(z.string()),
  config: jsonObject,
  approved_scopes: z.array(z.string()),
  reloads: count,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'Must be sha256: and 64 lower-case hex digits.').nullish(),
  limits: limits.nullish(),
  compat: compat.nullish(),
}) satisfies z.ZodType<PluginData>;

const token = z.looseObject({
  id,
  app_id: id,
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'Must be 64 lower-case hex digits.'),
  scopes: z.array(z.string()),
  expires_at: unixSeconds.nullable(),
}) satisfies z.ZodType<TokenData>;

const gatewayKey = z.looseObject({
  id,
  key_id: z.string().regex(/^[0-9a-f]{16}$/, 'Must be 16 lower-case hex digits.'),
  key_version: z.uint32().min(1),
  sealed: z.string().regex(/^[\w-]+$/, 'Must be base64url.'),
}) satisfies z.ZodType<GatewayKeyData>;

/**
 * What the data of each kind of record must look like. Properties that a later version added pass, so that a gateway
 * outlives a studio's upgrade; a property or kind that a gateway must not ignore takes a new snapshot format.
 */
export const RECORD_SCHEMAS: { readonly [K in RecordKind]: z.ZodType<RecordKinds[K]> } = { app, gateway_key: gatewayKey, plugin, token };
