import type { AppData, TokenData } from '@sluice/config-snapshot';

type AppValues = [boolean, number, string, number, Record<string, string>, number | null, string, string, string, number, number];
type TokenValues = [number, number | null, number, string[]];

const APP_FIELDS = 11;
const TOKEN_FIELDS = 5;

/**
 * What a table keeps of an app: its values without their names, whether it is active first. An app with fields that this version does
 * not know is kept whole, for its hash covers them.
 */
export function packApp(data: AppData): string {
  if (Object.keys(data).length !== APP_FIELDS) return JSON.stringify(data);
  const values: AppValues = [
    data.is_active, data.created_at, data.description, data.id, data.metadata, data.monthly_budget, data.name, data.namespace, data.owner_email, data.rate_limit, data.updated_at,
  ];
  return JSON.stringify(values);
}

export function unpackApp(text: string): AppData {
  const values = JSON.parse(text) as AppData | AppValues;
  if (!Array.isArray(values)) return values;
  const [is_active, created_at, description, id, metadata, monthly_budget, name, namespace, owner_email, rate_limit, updated_at] = values;
  return { created_at, description, id, is_active, metadata, monthly_budget, name, namespace, owner_email, rate_limit, updated_at };
}

/** Without reading the rest. */
export function isActive(packedApp: string): boolean {
  return packedApp.startsWith('[') ? packedApp.startsWith('[true') : unpackApp(packedApp).is_active;
}

/** What a table keeps of a token, under its hash. */
export function packToken(data: TokenData): string {
  if (Object.keys(data).length !== TOKEN_FIELDS) return JSON.stringify(data);
  const values: TokenValues = [data.app_id, data.expires_at, data.id, data.scopes];
  return JSON.stringify(values);
}

export function unpackToken(hash: string, text: string): TokenData {
  const values = JSON.parse(text) as TokenData | TokenValues;
  if (!Array.isArray(values)) return values;
  const [app_id, expires_at, id, scopes] = values;
  return { app_id, expires_at, hash, id, scopes };
}
