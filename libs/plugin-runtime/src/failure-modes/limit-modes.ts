import type { FailureMode } from './failure-mode';

/** Limits and isolation. */
export const limitModes: readonly FailureMode[] = [
  { id: 'limits-not-set', sentences: ['The limits of the plugin could not be set: ….'] },
  { id: 'no-user-left', sentences: ['Every user id of PLUGIN_UID_RANGE (…-…) is taken by a plugin; make the range larger.'] },
  {
    id: 'memory-not-limited',
    sentences: [
      'Its memory is limited to … MiB for each of its processes and not for all of them together: this host may not make control groups.',
      'Its memory is not limited to … MiB: this host may not make control groups.',
    ],
  },
  { id: 'processes-not-limited', sentences: ['The number of its processes is not limited to …: this host may not make control groups.'] },
  { id: 'cpu-not-limited', sentences: ['Its processor time is not limited to …: this host may not make control groups.'] },
  { id: 'left-running', sentences: ['What it starts and lets go of may go on running without it: this host may not make control groups.'] },
  { id: 'files-not-limited', sentences: ['The number of its open files is not limited to …: there is no prlimit on this machine.'] },
  { id: 'network-open', sentences: ['It reaches the network of the host, although its manifest asks for none: this host may not make network namespaces.'] },
  { id: 'open-port', sentences: ['Every program of this machine can call it, because it listens on a TCP port without certificates: ….'] },
  { id: 'same-user', sentences: ['It runs under the user of the host, although PLUGIN_UID_RANGE is set: only a host that runs as root, with setpriv, can change users.'] },
  { id: 'host-readable', sentences: ["It can read the host's environment, with the secrets in it, in /proc: run the host as root where setpriv is installed, or allow it user namespaces."] },
];
