import { hash as hashOnce } from 'node:crypto';
import { compareDeletes, deleteText } from './encode-delta';
import { isObject } from './is-object';
import { MAX_HEADER_BYTES, openHeader } from './open-header';
import { readDelta } from './read-delta';
import { readRecord, type ReadRecord } from './read-record';
import type { RecordName } from './record-name';
import type { SignedHeader } from './snapshot-header';
import { snapshotErrors } from './snapshot-errors';
import { checkNewer, type AppliedRevision, type SnapshotTrust } from './snapshot-trust';

/** One step of a delta. The hash is that of the bytes that came, 32 raw bytes. */
export type DeltaChange = { change: 'delete'; name: RecordName } | ({ change: 'upsert'; hash: Buffer } & ReadRecord);

export interface OpenedDelta {
  signed: SignedHeader;
  /**
   * The changes in their order, read and checked one at a time. Nothing of them is proved before all of them, made to the parent's
   * tree, give `signed.header.root`.
   * @throws snapshotErrors.badEncoding and what `readRecord` throws.
   */
  changes(): Generator<DeltaChange>;
}

/**
 * Opens a delta that came through an untrusted pipe, as far as its header goes.
 * @param applied what the delta has to start from; null for nothing at all.
 * @throws what `openHeader` throws; snapshotErrors.staleRevision for what is not newer (see `isUnchanged`), wrongParent for a change to
 * another revision than the applied one: then something is missing in between.
 */
export function openDelta(delta: Uint8Array, trust: SnapshotTrust, applied: AppliedRevision | null): OpenedDelta {
  const { header: line, pieces } = readDelta(Buffer.from(delta.buffer, delta.byteOffset, delta.byteLength), MAX_HEADER_BYTES);
  const signed = openHeader(line, trust);
  const { epoch, revision, parent } = signed.header;
  if (applied) checkNewer(signed.header, applied);
  // A new epoch starts from nothing, whatever was applied of another one.
  const follows = parent === null ? applied === null : applied?.epoch === epoch && applied.revision === parent;
  if (!follows) throw new snapshotErrors.wrongParent({ epoch, revision, path: '/header/parent', parent });
  return {
    signed,
    *changes() {
      let before: RecordName | undefined;
      let textBefore: string | undefined;
      for (const { list, bytes } of pieces()) {
        const text = bytes.toString('utf8');
        if (list === 'deletes') {
          const name = readName(text);
          if (before && compareDeletes(before, name) >= 0) throw outOfOrder('/deletes');
          before = name;
          yield { change: 'delete', name };
        } else {
          if (textBefore !== undefined && textBefore >= text) throw outOfOrder('/upserts');
          textBefore = text;
          yield { change: 'upsert', hash: Buffer.from(hashOnce('sha256', bytes), 'hex'), ...readRecord(text) };
        }
      }
    },
  };
}

function readName(text: string): RecordName {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && typeof value['kind'] === 'string' && typeof value['id'] === 'string') {
      const name = { kind: value['kind'], id: value['id'] };
      if (deleteText(name) === text) return name;
    }
  } catch {
    // Refused below, like anything else that is no name.
  }
  throw new snapshotErrors.badEncoding({ path: '/deletes' });
}

function outOfOrder(path: string): Error {
  return new snapshotErrors.badEncoding({ path }, { detail: 'The change is not in its order.' });
}
