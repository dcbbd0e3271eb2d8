import { defineErrors } from '@sluice/kernel';

export const organizationErrors = defineErrors('organization', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such organization.' },
  nameTaken: { kind: 'conflict', blame: 'caller', message: 'Another organization has this name.' },
});
