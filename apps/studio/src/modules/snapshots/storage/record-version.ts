import { recordHash, recordText, type JsonObject, type RecordName } from '@sluice/config-snapshot';
import type { SourcedRecord } from '../record-sources';

/** A record as it is stored. */
export interface RecordVersion {
  kind: string;
  id: string;
  /** The canonical text. */
  text: string;
  /** 32 bytes. */
  hash: Buffer;
  refersTo: string | null;
  origin: JsonObject | null;
}

export function toVersion({ record, refersTo, origin }: SourcedRecord): RecordVersion {
  const text = recordText(record);
  return { kind: record.kind, id: record.id, text, hash: recordHash(text), refersTo: refersTo ? nameText(refersTo) : null, origin: origin ?? null };
}

/** How a record is called where one word is needed: `app 7`. */
export function nameText({ kind, id }: { kind: string; id: number | string }): string {
  return `${kind} ${id}`;
}

/** The inverse of `nameText`. */
export function toName(text: string): RecordName {
  const space = text.indexOf(' ');
  return { kind: text.slice(0, space), id: text.slice(space + 1) };
}
