import { defineErrors } from '@sluice/kernel';

export const edgePayloadErrors = defineErrors('edgePayloads', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such payload, or the plugin has taken it.' },
  notDead: { kind: 'conflict', blame: 'caller', message: 'The payload is still being delivered.' },
});
