import { defineErrors } from '@sluice/kernel';

export const snapshotServiceErrors = defineErrors('snapshots', {
  unknownNamespace: { kind: 'not_found', blame: 'caller', message: 'There is no such namespace.' },
  unknownRevision: { kind: 'not_found', blame: 'caller', message: 'There is no snapshot of this revision, or it is not kept any more.' },
  notRestorable: { kind: 'conflict', blame: 'caller', message: 'The snapshot cannot be restored as things are now.' },
  badNamespace: {
    kind: 'invalid',
    blame: 'caller',
    message: 'A namespace consists of lower-case letters, digits and hyphens, begins with a letter or digit and has at most 63 characters.',
  },
});
