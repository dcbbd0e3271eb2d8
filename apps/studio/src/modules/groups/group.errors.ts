import { defineErrors } from '@sluice/kernel';

export const groupErrors = defineErrors('group', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such group.' },
  nameTaken: { kind: 'conflict', blame: 'caller', message: 'Another group has this name.' },
  userNotFound: { kind: 'not_found', blame: 'caller', message: 'There is no such user.' },
  notAMember: { kind: 'not_found', blame: 'caller', message: 'This user is not in the group.' },
});
