import type { Abilities } from './abilities';
import { planConfinement } from './plan-confinement';

const TOOLS = { sh: 'sh', unshare: 'unshare', prlimit: 'prlimit', setpriv: 'setpriv' };
const CGROUPS = { controllers: new Set(['memory', 'pids', 'cpu'] as const), folders: [], create: () => { throw new Error('Not here.'); } };
const ALL: Abilities = { changesUser: true, dropsPrivileges: true, tools: TOOLS, ownNetwork: 'direct', userNamespaces: true, cgroups: CGROUPS };
const NOTHING: Abilities = { changesUser: false, dropsPrivileges: false, tools: {}, ownNetwork: null, userNamespaces: false, cgroups: undefined };
const LIMITS = { memoryMb: 64, pids: 10, nofile: 100, cpu: 0.5, network: 'none' } as const;

const NOT_FOUND = 'What it starts and lets go of may go on running without it: this host may not make control groups.';

describe('planConfinement', () => {
  it('has nothing to admit where everything is allowed', () => {
    expect(planConfinement(LIMITS, 2000, true, ALL)).toEqual({
      chain: { noNetwork: true, userNamespace: false, nofile: 100, nproc: undefined, dataBytes: undefined, uid: 2000, dropPrivileges: true },
      notEnforced: [],
    });
  });

  it('says what it cannot do, a sentence for each limit', () => {
    expect(planConfinement(LIMITS, undefined, true, NOTHING).notEnforced).toEqual([
      'Its memory is not limited to 64 MiB: this host may not make control groups.',
      'The number of its processes is not limited to 10: this host may not make control groups.',
      'Its processor time is not limited to 0.5 cores: this host may not make control groups.',
      NOT_FOUND,
      'The number of its open files is not limited to 100: there is no prlimit on this machine.',
      'It reaches the network of the host, although its manifest asks for none: this host may not make network namespaces.',
      'It runs under the user of the host, although PLUGIN_UID_RANGE is set: only a host that runs as root, with setpriv, can change users.',
      "It can read the host's environment, with the secrets in it, in /proc: run the host as root where setpriv is installed, or allow it user namespaces.",
    ]);
  });

  it('takes the next best without control groups, and admits what it leaves open', () => {
    const { chain, notEnforced } = planConfinement({ memoryMb: 64, pids: 10 }, 2000, true, { ...ALL, cgroups: undefined });
    expect(chain).toMatchObject({ dataBytes: 64 * 1_048_576, nproc: 10 });
    expect(notEnforced).toEqual(['Its memory is limited to 64 MiB for each of its processes and not for all of them together: this host may not make control groups.', NOT_FOUND]);
  });

  it('keeps a plugin of a host that is not root in a user namespace', () => {
    const { chain, notEnforced } = planConfinement({}, undefined, false, { ...ALL, changesUser: false, dropsPrivileges: false, cgroups: undefined });
    expect(chain).toMatchObject({ userNamespace: true, dropPrivileges: false, noNetwork: false });
    expect(notEnforced).toEqual([NOT_FOUND]);
  });

  it('prefers a user of its own to a network of its own where there cannot be both', () => {
    const { chain, notEnforced } = planConfinement({ network: 'none' }, 2000, true, { ...ALL, ownNetwork: 'user-namespace' });
    expect(chain).toMatchObject({ uid: 2000, noNetwork: false, userNamespace: false });
    expect(notEnforced).toEqual(['It reaches the network of the host, although its manifest asks for none: this host may not make network namespaces.']);
  });

  it('asks nothing of a root that has no capabilities to give up', () => {
    const { chain, notEnforced } = planConfinement({}, undefined, false, { ...ALL, changesUser: false, dropsPrivileges: false, userNamespaces: false });
    expect(chain.dropPrivileges).toBe(false);
    expect(notEnforced).toHaveLength(1);
  });
});
