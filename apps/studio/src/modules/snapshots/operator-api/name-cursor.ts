import type { RecordName } from '@sluice/config-snapshot';
import { httpErrors } from '../../../http/errors';

/** A place in a list that is ordered by kind and id. */
export function writeNameCursor({ kind, id }: RecordName): string {
  return Buffer.from(JSON.stringify([kind, id])).toString('base64url');
}

/** @throws http.invalidRequest for what no list gave out. */
export function readNameCursor(cursor: string): RecordName {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === 2 && typeof parts[0] === 'string' && typeof parts[1] === 'string') return { kind: parts[0], id: parts[1] };
  } catch {
    // Refused below, like any other text.
  }
  throw new httpErrors.invalidRequest({}, { faults: [{ pointer: '/cursor', message: 'Send the next_cursor of an earlier answer, or none.' }] });
}
