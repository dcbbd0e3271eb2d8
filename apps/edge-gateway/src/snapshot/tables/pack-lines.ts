import { APP_VALUES as APP, TOKEN_VALUES as TOKEN, type RecordScanner } from '@sluice/config-snapshot';
import type { LineWriter } from './line-writer';

/** As `packApp` writes them. */
const APP_ORDER = [
  APP.is_active, APP.created_at, APP.description, APP.id, APP.metadata, APP.monthly_budget, APP.name, APP.namespace, APP.owner_email, APP.rate_limit, APP.updated_at,
];

/** As `packToken` writes them. */
const TOKEN_ORDER = [TOKEN.app_id, TOKEN.expires_at, TOKEN.id, TOKEN.scopes];

/** So much of a hash leads from a token's id to its line. */
export const LEAD_CHARACTERS = 8;

/** The line of an app that has been scanned: what is canonical is copied as it is. */
export function writeAppLine(line: LineWriter, bytes: Uint8Array, { starts, ends }: RecordScanner): void {
  line.begin(bytes, starts[APP.id]!, ends[APP.id]!);
  writeValues(line, bytes, starts, ends, APP_ORDER);
}

/** The line of a token, under its hash. */
export function writeTokenLine(line: LineWriter, bytes: Uint8Array, { starts, ends }: RecordScanner): void {
  line.begin(bytes, starts[TOKEN.hash]! + 1, ends[TOKEN.hash]! - 1);
  writeValues(line, bytes, starts, ends, TOKEN_ORDER);
}

/** The line that leads from a token's id to its hash. */
export function writeLeadLine(line: LineWriter, bytes: Uint8Array, { starts, ends }: RecordScanner): void {
  line.begin(bytes, starts[TOKEN.id]!, ends[TOKEN.id]!);
  const hash = starts[TOKEN.hash]! + 1;
  line.copy(bytes, hash, hash + LEAD_CHARACTERS);
}

function writeValues(line: LineWriter, bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, order: readonly number[]): void {
  for (let index = 0; index < order.length; index++) {
    line.code(index === 0 ? 0x5b : 0x2c);
    line.copy(bytes, starts[order[index]!]!, ends[order[index]!]!);
  }
  line.code(0x5d);
}
