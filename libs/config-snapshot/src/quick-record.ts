import type { AppData, SnapshotRecord, TokenData } from './records';
import type { UnknownRecord } from './record-name';

/**
 * Shortcuts for the records that there are many of. Each says yes only where the careful way would, and no may mean anything: then the
 * careful way is asked.
 */
export function isQuicklyCanonical(record: UnknownRecord, text: string): boolean {
  // Half a surrogate pair can only come from an escape.
  return (record.kind === 'app' || record.kind === 'token') && hasSortedKeys(record.data) && writtenQuickly(record) === text && !text.includes('\\ud');
}

/** The canonical text of a record that is valid, has no field that is not known, and has its keys in their order. */
export function quickText(record: SnapshotRecord): string | undefined {
  const fields = record.kind === 'app' ? 11 : 5;
  if (!isQuicklyValid(record) || Object.keys(record.data).length !== fields || !hasSortedKeys(record.data as unknown as Record<string, unknown>)) return undefined;
  const text = writtenQuickly(record);
  return text.includes('\\ud') ? undefined : text;
}

function writtenQuickly({ data, id, kind }: SnapshotRecord | UnknownRecord): string {
  return JSON.stringify({ data, id, kind });
}

/** True for data whose values are plain or lists of plain values, and for an app's metadata below it. */
function hasSortedKeys(data: Record<string, unknown>): boolean {
  let before = '';
  for (const key in data) {
    if (key <= before) return false;
    before = key;
    const value = data[key];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value) ? !value.every((item) => typeof item !== 'object' || item === null) : key !== 'metadata' || !isSortedMap(value as Record<string, unknown>)) return false;
  }
  return true;
}

function isSortedMap(map: Record<string, unknown>): boolean {
  let before = '';
  for (const key in map) {
    if (key <= before || typeof map[key] !== 'string') return false;
    before = key;
  }
  return true;
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
