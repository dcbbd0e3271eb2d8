import { defineErrors } from '@sluice/kernel';

export const userErrors = defineErrors('user', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such user.' },
  emailTaken: { kind: 'conflict', blame: 'caller', message: 'Another user has this email address.' },
  lastAdministrator: { kind: 'conflict', blame: 'caller', message: 'This is the last active administrator.' },
  ownsApps: { kind: 'conflict', blame: 'caller', message: 'This user owns apps. Give them to someone else first.' },
});
