import { defineErrors } from '@sluice/kernel';

export const serverErrors = defineErrors('server', {
  directoryInUse: { kind: 'conflict', blame: 'platform', message: 'Another process runs its servers on this data directory.' },
  portTaken: { kind: 'conflict', blame: 'platform', message: 'The port is taken by another program.' },
  noBinaries: { kind: 'unavailable', blame: 'platform', message: 'There are no embedded server binaries for this machine.' },
  otherVersion: { kind: 'conflict', blame: 'platform', message: 'The data was written by another version of the server.' },
  startFailed: { kind: 'unavailable', blame: 'platform', message: 'The embedded server did not start.' },
});
