import { z } from 'zod';
import type { SignedSnapshot } from './snapshot';
import { SNAPSHOT_FORMAT } from './snapshot';
import { toPointer } from './json-pointer';
import { snapshotErrors } from './snapshot-errors';

/** Larger bodies are refused before they are read: about a million records fit. */
export const MAX_SNAPSHOT_BYTES = 256 * 1_048_576;

const revision = z.int().min(0);

const envelope = z.strictObject({
  header: z.strictObject({
    format: z.literal(SNAPSHOT_FORMAT),
    namespace: z.string(),
    epoch: z.string().min(1),
    revision,
    parent: revision.nullable(),
    root: z.string().regex(/^[0-9a-f]{64}$/),
    created_at: z.iso.datetime(),
  }),
  key_id: z.string().regex(/^[0-9a-f]{16}$/),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  // Shallow on purpose: what the data of a record holds is looked at once it is known who wrote it.
  records: z.array(z.strictObject({ kind: z.string(), id: z.string(), data: z.looseObject({}) })),
});

/** The text of a body and what it says, with nothing proved but its shape. */
export interface Envelope {
  text: string;
  snapshot: SignedSnapshot;
}

/**
 * The first steps of `openSnapshot`: size, UTF-8, JSON, format, shape of the envelope.
 * @throws snapshotErrors.tooLarge, badEncoding or unknownFormat.
 */
export function readEnvelope(bytes: Uint8Array, maxBytes: number): Envelope {
  if (bytes.length > maxBytes) {
    throw new snapshotErrors.tooLarge({ path: '' }, { detail: `The snapshot has ${bytes.length} bytes, and ${maxBytes} are accepted.` });
  }
  const { text, value } = parse(bytes);
  const format = (value as { header?: { format?: unknown } } | null)?.header?.format;
  // Before the shape: a later format may have another shape, and the operator must hear that it is a later format.
  if (Number.isSafeInteger(format) && format !== SNAPSHOT_FORMAT) {
    throw new snapshotErrors.unknownFormat({ path: '/header/format' }, { detail: `The snapshot has format ${format}, and this version reads format ${SNAPSHOT_FORMAT}.` });
  }
  const result = envelope.safeParse(value);
  if (!result.success) {
    const faults = result.error.issues.slice(0, 20).map((issue) => ({ pointer: toPointer(issue.path), message: issue.message }));
    throw new snapshotErrors.badEncoding({ path: faults[0]?.pointer ?? '' }, { faults });
  }
  return { text, snapshot: value as SignedSnapshot };
}

function parse(bytes: Uint8Array): { text: string; value: unknown } {
  try {
    // A byte order mark is kept, and then is not JSON.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new snapshotErrors.badEncoding({ path: '' }, { detail: 'The snapshot is not JSON in UTF-8.', cause });
  }
}
