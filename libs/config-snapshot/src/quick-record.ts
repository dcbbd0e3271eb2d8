import { PLAIN } from './canonical-bytes';
import type { AppData, SnapshotRecord, TokenData } from './records';
import type { UnknownRecord } from './record-name';

/**
 * Shortcuts for the records that there are many of. Each answers only where the careful way would answer the same; where it does not,
 * the careful way is asked.
 */
export function isQuicklyCanonical(record: UnknownRecord, text: string): boolean {
  // Written into a form with quotes and without: what is equal to the text had the types that the form has, and no field more.
  return write(record as unknown as SnapshotRecord) === text;
}

/** The canonical text of a valid record without fields that are not known, when no text in it needs an escape. */
export function quickText(record: SnapshotRecord): string | undefined {
  return isQuicklyValid(record) && Object.keys(record.data).length === (record.kind === 'app' ? 11 : 5) ? write(record) : undefined;
}

function write(record: SnapshotRecord): string | undefined {
  if (record.kind === 'app') return writeApp(record.id, record.data);
  return record.kind === 'token' ? writeToken(record.id, record.data) : undefined;
}

function writeApp(id: string, data: AppData): string | undefined {
  const { description, name, namespace, owner_email } = data;
  const metadata = writeMap(data.metadata);
  if (metadata === undefined || !PLAIN.test(description) || !PLAIN.test(name) || !PLAIN.test(namespace) || !PLAIN.test(owner_email) || !PLAIN.test(id)) return undefined;
  return (
    `{"data":{"created_at":${data.created_at},"description":"${description}","id":${data.id},"is_active":${data.is_active},"metadata":${metadata},` +
    `"monthly_budget":${data.monthly_budget},"name":"${name}","namespace":"${namespace}","owner_email":"${owner_email}","rate_limit":${data.rate_limit},` +
    `"updated_at":${data.updated_at}},"id":"${id}","kind":"app"}`
  );
}

function writeToken(id: string, data: TokenData): string | undefined {
  if (!Array.isArray(data.scopes) || !PLAIN.test(data.hash) || !PLAIN.test(id)) return undefined;
  let scopes = '';
  for (const scope of data.scopes) {
    if (typeof scope !== 'string' || !PLAIN.test(scope)) return undefined;
    scopes += scopes === '' ? `"${scope}"` : `,"${scope}"`;
  }
  return `{"data":{"app_id":${data.app_id},"expires_at":${data.expires_at},"hash":"${data.hash}","id":${data.id},"scopes":[${scopes}]},"id":"${id}","kind":"token"}`;
}

function writeMap(map: unknown): string | undefined {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return undefined;
  let text = '';
  let before = '';
  for (const key in map) {
    const value = (map as Record<string, unknown>)[key];
    if (key <= before || typeof value !== 'string' || !PLAIN.test(key) || !PLAIN.test(value)) return undefined;
    text += text === '' ? `"${key}":"${value}"` : `,"${key}":"${value}"`;
    before = key;
  }
  return `{${text}}`;
}

export function isQuicklyValid(record: SnapshotRecord): boolean {
  if (record.kind === 'app') return isApp(record.data) && record.id === String(record.data.id);
  if (record.kind === 'token') return isToken(record.data) && record.id === String(record.data.id);
  return false;
}

function isApp(data: AppData): boolean {
  return (
    isId(data.id) &&
    typeof data.name === 'string' &&
    typeof data.description === 'string' &&
    typeof data.owner_email === 'string' &&
    typeof data.is_active === 'boolean' &&
    (data.monthly_budget === null || (Number.isFinite(data.monthly_budget) && data.monthly_budget >= 0)) &&
    isUint32(data.rate_limit) &&
    typeof data.metadata === 'object' &&
    data.metadata !== null &&
    !Array.isArray(data.metadata) &&
    isTextMap(data.metadata) &&
    typeof data.namespace === 'string' &&
    isSeconds(data.created_at) &&
    isSeconds(data.updated_at)
  );
}

const HASH = /^[0-9a-f]{64}$/;

function isToken(data: TokenData): boolean {
  return (
    isId(data.id) &&
    isId(data.app_id) &&
    typeof data.hash === 'string' &&
    HASH.test(data.hash) &&
    Array.isArray(data.scopes) &&
    data.scopes.every((scope) => typeof scope === 'string') &&
    (data.expires_at === null || isSeconds(data.expires_at))
  );
}

function isTextMap(map: Record<string, unknown>): boolean {
  for (const key in map) if (typeof map[key] !== 'string') return false;
  return true;
}

function isId(value: unknown): boolean {
  return isUint32(value) && value !== 0;
}

function isUint32(value: unknown): boolean {
  return typeof value === 'number' && value >>> 0 === value;
}

function isSeconds(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
