import { z } from 'zod';
import { textAfterRecords, textBeforeRecords } from './encode-snapshot';
import { toPointer } from '../json-pointer';
import { MAX_HEADER_BYTES, peekHeader } from './peek-header';
import type { Format1Header } from './snapshot';
import { FORMAT_1 } from './snapshot';
import { snapshotErrors } from '../snapshot-errors';

/** Larger bodies are refused before they are read: about a million records fit. */
export const MAX_SNAPSHOT_BYTES = 256 * 1_048_576;

const SIGNATURE = /^[A-Za-z0-9_-]{86}$/;
const FORMAT = /^\{"header":\{[^{}]*"format":(\d{1,15})[,}]/;

const revision = z.int().min(0);

const header = z.strictObject({
  format: z.literal(FORMAT_1),
  namespace: z.string(),
  epoch: z.string().min(1),
  revision,
  parent: revision.nullable(),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  created_at: z.iso.datetime(),
});

/** What stands around the records of a body, with nothing proved but its shape. */
export interface Envelope {
  header: Format1Header;
  key_id: string;
  signature: string;
  /** The text between the brackets, not looked at. */
  records: Uint8Array;
}

/**
 * The first steps of `openSnapshot`: size, format, and both ends of the one encoding. The records are left alone, however
 * many there are: whoever can write to the pipe decides what they cost to read, until it is known who signed them.
 * @throws snapshotErrors.tooLarge, badEncoding or unknownFormat.
 */
export function readEnvelope(bytes: Uint8Array, maxBytes: number): Envelope {
  if (bytes.length > maxBytes) {
    throw new snapshotErrors.tooLarge({ path: '' }, { detail: `The snapshot has ${bytes.length} bytes, and ${maxBytes} are accepted.` });
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkFormat(buffer);
  const peeked = peekHeader(buffer);
  if (!peeked) throw new snapshotErrors.badEncoding({ path: '' }, { detail: 'The snapshot does not begin with its header.' });
  const result = header.safeParse(peeked);
  if (!result.success) {
    const faults = result.error.issues.slice(0, 20).map((issue) => ({ pointer: toPointer(['header', ...issue.path]), message: issue.message }));
    throw new snapshotErrors.badEncoding({ path: faults[0]!.pointer }, { faults });
  }
  return readEnds(buffer, result.data);
}

// Before the shape: a later format may have another shape, and the operator must hear that it is a later format.
function checkFormat(buffer: Buffer): void {
  const format = FORMAT.exec(buffer.toString('latin1', 0, MAX_HEADER_BYTES))?.[1];
  if (format === undefined || Number(format) === FORMAT_1) return;
  throw new snapshotErrors.unknownFormat({ path: '/header/format' }, { detail: `The snapshot has format ${format}, and this version reads format ${FORMAT_1}.` });
}

function readEnds(buffer: Buffer, header: Format1Header): Envelope {
  const refuse = (path: string) => new snapshotErrors.badEncoding({ epoch: header.epoch, revision: header.revision, path });
  const keyIdLength = 16;
  const signatureLength = 86;
  // Written anew around empty values, both ends say where the values must stand.
  const before = Buffer.from(textBeforeRecords({ header, key_id: '0'.repeat(keyIdLength) }), 'utf8');
  const after = textAfterRecords({ signature: 'A'.repeat(signatureLength) });
  if (buffer.length < before.length + after.length) throw refuse('');
  const keyIdEnd = before.length - '","records":['.length;
  const key_id = buffer.toString('latin1', keyIdEnd - keyIdLength, keyIdEnd);
  const signatureEnd = buffer.length - '"}'.length;
  const signature = buffer.toString('latin1', signatureEnd - signatureLength, signatureEnd);
  if (!/^[0-9a-f]{16}$/.test(key_id)) throw refuse('/key_id');
  if (!SIGNATURE.test(signature)) throw refuse('/signature');
  const recordsEnd = buffer.length - after.length;
  if (buffer.toString('utf8', 0, before.length) !== textBeforeRecords({ header, key_id })) throw refuse('/header');
  if (buffer.toString('latin1', recordsEnd) !== textAfterRecords({ signature })) throw refuse('');
  return { header, key_id, signature, records: buffer.subarray(before.length, recordsEnd) };
}
