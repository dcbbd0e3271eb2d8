import { PLUGIN_APIS } from '@sluice/plugin-manifest';
import type { Check } from '../check';
import { declares } from '../rpcs/rpc-row';
import { fail } from '../verdict';

/** Whether hosts let a plugin do what its manifest says. */
export const promiseChecks: Check[] = [
  {
    id: 'describe.apis',
    title: 'asks for APIs that hosts have',
    section: 'description',
    needs: 'start',
    applies: (manifest) => (manifest ? true : 'the manifest cannot be read'),
    run: async (subject) => {
      const unknown = subject.manifest?.compat.api.find((api) => !PLUGIN_APIS.includes(api));
      if (unknown !== undefined) fail(`Its manifest asks under compat.api for ${unknown}, which no host of this version has, so none starts it: hosts have ${PLUGIN_APIS.join(', ')}.`);
    },
  },
  {
    id: 'registrations.permitted',
    title: 'registers only object hooks that its manifest names',
    section: 'description',
    needs: 'initialize',
    applies: (manifest) => {
      if (!manifest) return 'the manifest cannot be read';
      return declares('object_hooks')(manifest) || 'the manifest does not declare it';
    },
    run: async (subject) => {
      const answered = await (await subject.shared()).ask('getObjectHookRegistrations', {}, subject.timeoutMs);
      const registrations = answered.kind === 'answer' ? answered.answer.registrations : [];
      const names = registrations.flatMap(({ objectType, hookTypes }) => hookTypes.map((type) => `${objectType}.${type}`));
      const missing = names.find((name) => !subject.manifest?.permissions.object_hooks.includes(name));
      if (missing !== undefined) fail(`It registers ${missing}, which permissions.object_hooks of its manifest does not name, so it is never called: name it there.`);
    },
  },
];
