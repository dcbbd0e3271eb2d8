import { type Chain, execChain } from './exec-chain';

const TOOLS = { sh: '/bin/sh', unshare: '/usr/bin/unshare', prlimit: '/usr/bin/prlimit', setpriv: '/usr/bin/setpriv' };
const NOTHING: Chain = { cgroups: [], noNetwork: false, userNamespace: false, dropPrivileges: false };

describe('execChain', () => {
  it('ends with the command itself', () => {
    expect(execChain(['/plugin'], NOTHING, {})).toEqual(['/plugin']);
    expect(execChain(['/plugin'], NOTHING, TOOLS).slice(0, -1)).toEqual(['/usr/bin/setpriv', '--no-new-privs', '--pdeathsig=KILL', '--']);
  });

  it('joins groups and leaves networks while it may, and gives privileges up last', () => {
    const chain = { cgroups: ['/cg/a', '/cg/b'], noNetwork: true, userNamespace: false, nofile: 64, nproc: 10, dataBytes: 1024, uid: 2000, dropPrivileges: true };
    expect(execChain(['node', 'main.js'], chain, TOOLS)).toEqual([
      '/bin/sh', '-c', expect.any(String), 'plugin', '/cg/a', '/cg/b', '--',
      '/usr/bin/unshare', '--net', '--',
      '/usr/bin/prlimit', '--nofile=64', '--nproc=10', '--data=1024',
      '/usr/bin/setpriv', '--reuid=2000', '--regid=2000', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--pdeathsig=KILL', '--',
      'node', 'main.js',
    ]);
  });

  it('makes a user namespace first, which is what allows a network of its own', () => {
    expect(execChain(['/plugin'], { ...NOTHING, noNetwork: true, userNamespace: true }, { unshare: 'unshare' })).toEqual(['unshare', '--user', '--map-current-user', '--net', '--', '/plugin']);
  });
});
