import type { EndpointRegistration } from '@sluice/contracts/plugin';
import type { Check } from '../check';
import { fail } from '../verdict';
import { declares, registrationsOf } from '../rpcs/rpc-row';
import type { Subject } from '../subject/subject';

/** The methods that a gateway passes on. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const registrations = async (subject: Subject): Promise<EndpointRegistration[]> => registrationsOf(await subject.shared(), subject.timeoutMs);

const endpoints: Pick<Check, 'section' | 'needs' | 'applies'> = {
  section: 'description',
  needs: 'initialize',
  applies: (manifest) => {
    if (!manifest) return 'the manifest cannot be read';
    return declares('custom_endpoint')(manifest) || 'the manifest does not declare custom_endpoint';
  },
};

/** Whether a gateway can serve what a plugin registers. */
export const registrationChecks: Check[] = [
  {
    ...endpoints,
    id: 'registrations.paths',
    title: 'registers paths that a gateway can serve',
    run: async (subject) => {
      for (const { path } of await registrations(subject)) {
        if (!path.startsWith('/')) fail(`It registers the path ${JSON.stringify(path)}: begin a path with /.`);
        const star = path.indexOf('*');
        if (star >= 0 && !(star === path.length - 1 && path.endsWith('/*'))) fail(`It registers the path ${path}: a wildcard stands only at the end, as /*.`);
        if (/[?#]/.test(path)) fail(`It registers the path ${path}: leave query and fragment out, the plugin gets every query.`);
        if (path.split('/').some((segment) => segment === '.' || segment === '..')) fail(`It registers the path ${path}: a gateway refuses dot segments before it looks for an endpoint, so no request can come.`);
      }
    },
  },
  {
    ...endpoints,
    id: 'registrations.methods',
    title: 'registers methods that a gateway serves',
    run: async (subject) => {
      for (const { path, methods } of await registrations(subject)) {
        if (methods.length === 0) fail(`Its registration of ${path} names no methods and is never served: name them, like GET.`);
        const unknown = methods.find((method) => !METHODS.includes(method));
        if (unknown !== undefined) fail(`It registers the method ${JSON.stringify(unknown)} for ${path}: a gateway serves ${METHODS.join(', ')}.`);
      }
    },
  },
  {
    ...endpoints,
    id: 'registrations.unique',
    title: 'registers each endpoint once',
    run: async (subject) => {
      const seen = new Set<string>();
      for (const { path, methods } of await registrations(subject)) {
        for (const method of methods) {
          if (seen.has(`${method} ${path}`)) fail(`It registers ${method} ${path} twice: only the first counts.`);
          seen.add(`${method} ${path}`);
        }
      }
    },
  },
];
