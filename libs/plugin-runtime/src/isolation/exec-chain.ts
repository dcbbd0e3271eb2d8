/** Programs of util-linux that change what they are and then become the next one. */
export interface Tools {
  sh?: string;
  unshare?: string;
  prlimit?: string;
  setpriv?: string;
}

export interface Chain {
  /** Control groups to join, as folders. */
  cgroups: readonly string[];
  /** A network of its own, with nothing in it. */
  noNetwork: boolean;
  /** A user namespace: for a host that is not root, so that the plugin has no power over it. */
  userNamespace: boolean;
  nofile?: number;
  /** Processes of its user; only for a user of its own. */
  nproc?: number;
  dataBytes?: number;
  uid?: number;
  /** Gives every privilege up, for good. */
  dropPrivileges: boolean;
}

/** The shell joins the groups as itself, then becomes what follows; what it adds to the environment goes away again. */
const JOIN = 'unset PWD OLDPWD SHLVL; while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 126; shift; done; shift; exec "$@"';

/**
 * The command that becomes `command` with all of this around it. It stays one process, with one pid, from the first program to the
 * plugin, and the plugin's own arguments stay what they are. A tool that is missing is left out; {@link Chain} asks only for what is there.
 */
export function execChain(command: readonly string[], chain: Chain, tools: Tools): string[] {
  return [...join(chain, tools), ...namespaces(chain, tools), ...limits(chain, tools), ...privileges(chain, tools), ...command];
}

function join({ cgroups }: Chain, { sh }: Tools): string[] {
  return sh === undefined || cgroups.length === 0 ? [] : [sh, '-c', JOIN, 'plugin', ...cgroups, '--'];
}

function namespaces({ noNetwork, userNamespace }: Chain, { unshare }: Tools): string[] {
  if (unshare === undefined || (!noNetwork && !userNamespace)) return [];
  return [unshare, ...(userNamespace ? ['--user', '--map-current-user'] : []), ...(noNetwork ? ['--net'] : []), '--'];
}

function limits({ nofile, nproc, dataBytes }: Chain, { prlimit }: Tools): string[] {
  const named = Object.entries({ nofile, nproc, data: dataBytes }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  return prlimit === undefined || named.length === 0 ? [] : [prlimit, ...named];
}

/** The plugin also dies with its host, should the host be killed before it can end it. */
function privileges({ uid, dropPrivileges }: Chain, { setpriv }: Tools): string[] {
  if (setpriv === undefined) return [];
  const user = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const drop = dropPrivileges ? ['--inh-caps=-all', '--bounding-set=-all'] : [];
  return [setpriv, ...user, ...drop, '--no-new-privs', '--pdeathsig=KILL', '--'];
}
