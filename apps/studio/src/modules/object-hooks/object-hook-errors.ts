import { defineErrors } from '@sluice/kernel';

/** Why a plugin kept a write from being done. */
export const objectHookErrors = defineErrors('objectHooks', {
  rejected: { kind: 'forbidden', blame: 'caller', message: 'A plugin does not allow this.' },
  pluginUnavailable: { kind: 'unavailable', blame: 'plugin', message: 'A plugin that has to be asked first is not there.' },
  pluginFailed: { kind: 'upstream_failed', blame: 'plugin', message: 'A plugin that has to be asked first did not give an answer that can be used.' },
});
