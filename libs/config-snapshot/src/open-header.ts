import type { JsonValue } from './records';
import { canonicalBytes } from './canonical-bytes';
import { isObject } from './is-object';
import { RECORD_SCHEMAS } from './record-schemas';
import { signedHeaderText, verifySignature } from './sign-header';
import { SNAPSHOT_FORMAT, type SignedHeader, type SnapshotHeader } from './snapshot-header';
import { snapshotErrors } from './snapshot-errors';
import type { SnapshotTrust } from './snapshot-trust';

/** Nothing longer is looked at for a signed header. */
export const MAX_HEADER_BYTES = 16_384;

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * Opens the line of a signed header that came through an untrusted pipe. Checks, in this order: size, format, shape, the one way of
 * writing it, key, signature, namespace, required kinds. Fields that a later format added are kept, for they are signed.
 * @throws snapshotErrors.tooLarge, badEncoding, unknownFormat, unknownKey, badSignature, wrongNamespace or unknownKind.
 */
export function openHeader(line: Buffer, trust: SnapshotTrust): SignedHeader {
  if (line.length > MAX_HEADER_BYTES) throw new snapshotErrors.tooLarge({ path: '/header' });
  const signed = parse(line.toString('utf8'));
  const { header, key_id, signature } = signed;
  const context = { epoch: header.epoch, revision: header.revision };
  if (!isCanonical(signed, line)) throw new snapshotErrors.badEncoding({ ...context, path: '/header' });
  const publicKey = trust.publicKeys.get(key_id);
  if (!publicKey) throw new snapshotErrors.unknownKey({ ...context, path: '/key_id', keyId: key_id });
  if (!verifySignature(canonicalBytes(header as unknown as JsonValue), signature, publicKey)) throw new snapshotErrors.badSignature({ ...context, path: '/signature' });
  if (header.namespace !== trust.namespace) {
    throw new snapshotErrors.wrongNamespace({ ...context, path: '/header/namespace', namespace: header.namespace, expected: trust.namespace });
  }
  for (const [index, kind] of header.required_kinds.entries()) {
    if (Object.hasOwn(RECORD_SCHEMAS, kind)) continue;
    const detail = `The snapshot needs a gateway that knows records of kind ${JSON.stringify(kind)}: this gateway is too old for it.`;
    throw new snapshotErrors.unknownKind({ ...context, path: `/header/required_kinds/${index}`, kind }, { detail });
  }
  return signed;
}

function parse(line: string): SignedHeader {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new snapshotErrors.badEncoding({ path: '/header' }, { cause });
  }
  if (!isObject(value) || !isObject(value['header'])) throw new snapshotErrors.badEncoding({ path: '/header' });
  const { header, key_id, signature } = value;
  checkFormat(header);
  const bad = Object.entries(HEADER_FIELDS).find(([name, fits]) => !fits(header[name]))?.[0];
  if (bad !== undefined) throw new snapshotErrors.badEncoding({ path: `/header/${bad}` });
  if (typeof key_id !== 'string') throw new snapshotErrors.badEncoding({ path: '/key_id' });
  if (typeof signature !== 'string' || signature.length !== 86) throw new snapshotErrors.badEncoding({ path: '/signature' });
  return { header: header as unknown as SnapshotHeader, key_id, signature };
}

// Before the shape: a later format may have another shape, and the operator must hear that it is a later format.
function checkFormat({ format, min_reader: minReader }: Record<string, unknown>): void {
  if (!isCount(format)) throw new snapshotErrors.badEncoding({ path: '/header/format' });
  if (format === SNAPSHOT_FORMAT) return;
  if (format === SNAPSHOT_FORMAT + 1 && isCount(minReader) && minReader <= SNAPSHOT_FORMAT) return;
  throw new snapshotErrors.unknownFormat({ path: '/header/format' }, { detail: `The snapshot has format ${format}, and this version reads format ${SNAPSHOT_FORMAT}.` });
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const HEADER_FIELDS: Record<Exclude<keyof SnapshotHeader, 'format'>, (value: unknown) => boolean> = {
  min_reader: isCount,
  namespace: (value) => typeof value === 'string',
  epoch: (value) => typeof value === 'string' && value !== '',
  revision: isCount,
  parent: (value) => value === null || isCount(value),
  root: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  created_at: (value) => typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value)),
  records: isCount,
  required_kinds: (value) => Array.isArray(value) && value.every((kind) => typeof kind === 'string'),
};

function isCanonical(signed: SignedHeader, line: Buffer): boolean {
  try {
    return line.equals(Buffer.from(signedHeaderText(signed), 'utf8'));
  } catch {
    // Something in it, such as half of a surrogate pair, has no canonical form.
    return false;
  }
}
