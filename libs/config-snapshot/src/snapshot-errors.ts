import { defineErrors } from '@sluice/kernel';

/**
 * Why a snapshot is refused, or cannot be built. `details.path` is a JSON pointer into the snapshot, `''` for the
 * envelope as a whole; `details.epoch` and `details.revision` are there as soon as the header could be read.
 */
export const snapshotErrors = defineErrors('snapshot', {
  tooLarge: { kind: 'too_large', blame: 'platform', message: 'The snapshot is larger than this version accepts.' },
  badEncoding: { kind: 'invalid', blame: 'platform', message: 'The snapshot is not in its canonical encoding.' },
  unknownFormat: { kind: 'invalid', blame: 'platform', message: 'The snapshot has a format that this version does not read.' },
  unknownKey: { kind: 'invalid', blame: 'platform', message: 'The snapshot is signed with a key that is not trusted here.' },
  badSignature: { kind: 'invalid', blame: 'platform', message: 'The signature of the snapshot does not fit its header.' },
  wrongNamespace: { kind: 'invalid', blame: 'platform', message: 'The snapshot is for another namespace.' },
  staleRevision: { kind: 'conflict', blame: 'platform', message: 'The snapshot is not newer than the one that was applied.' },
  wrongParent: { kind: 'conflict', blame: 'platform', message: 'The change does not follow the revision that was applied.' },
  unknownKind: { kind: 'invalid', blame: 'platform', message: 'The snapshot has records that this version does not know and must not ignore.' },
  badDelta: { kind: 'invalid', blame: 'platform', message: 'The change cannot be made to the records that were applied.' },
  badRoot: { kind: 'invalid', blame: 'platform', message: 'The records of the snapshot do not add up to its root hash.' },
  badRecord: { kind: 'invalid', blame: 'platform', message: 'A record of the snapshot does not fit its schema.' },
  duplicateRecord: { kind: 'invalid', blame: 'platform', message: 'Two records of the snapshot have the same kind and id.' },
  duplicateSlug: { kind: 'invalid', blame: 'platform', message: 'Two plugins of the snapshot have the same slug.' },
  danglingReference: { kind: 'invalid', blame: 'platform', message: 'A record of the snapshot refers to a record that is not in it.' },
  failed: { kind: 'internal', blame: 'platform', message: 'The snapshot could not be applied.' },
  notCanonicalisable: { kind: 'invalid', blame: 'platform', message: 'A value has no canonical JSON form.' },
  badKey: { kind: 'invalid', blame: 'platform', message: 'A key has the wrong form.' },
  keyMissing: { kind: 'unavailable', blame: 'platform', message: 'A sealed value needs a key that this gateway does not have yet.' },
  badSeal: { kind: 'invalid', blame: 'platform', message: 'A sealed value does not open with this key in this place.' },
});
