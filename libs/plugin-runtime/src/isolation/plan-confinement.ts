import type { PluginLimits } from '../limits/plugin-limits';
import type { Abilities } from './abilities';
import type { CgroupController } from './cgroup-mounts';
import type { Chain } from './exec-chain';

const MIB = 1_048_576;

export interface ConfinementPlan {
  chain: Omit<Chain, 'cgroups'>;
  /** What remains open, a sentence each. */
  notEnforced: string[];
}

/** How far this machine can keep a plugin to its limits, and what it cannot do. */
export function planConfinement(limits: PluginLimits, uid: number | undefined, wantsUid: boolean, abilities: Abilities): ConfinementPlan {
  const { tools } = abilities;
  const notEnforced: string[] = [];
  const lacks = (controller: CgroupController, limit: number | undefined): limit is number => limit !== undefined && !abilities.cgroups?.controllers.has(controller);

  let dataBytes: number | undefined;
  if (lacks('memory', limits.memoryMb)) {
    if (tools.prlimit) dataBytes = limits.memoryMb * MIB;
    notEnforced.push(
      tools.prlimit
        ? `Its memory is limited to ${limits.memoryMb} MiB for each of its processes and not for all of them together: this host may not make control groups.`
        : `Its memory is not limited to ${limits.memoryMb} MiB: this host may not make control groups.`,
    );
  }
  let nproc: number | undefined;
  if (lacks('pids', limits.pids)) {
    if (uid !== undefined && tools.prlimit) nproc = limits.pids;
    else notEnforced.push(`The number of its processes is not limited to ${limits.pids}: this host may not make control groups.`);
  }
  if (lacks('cpu', limits.cpu)) notEnforced.push(`Its processor time is not limited to ${cores(limits.cpu)}: this host may not make control groups.`);
  if (!abilities.cgroups) notEnforced.push('What it starts and lets go of may go on running without it: this host may not make control groups.');
  if (limits.nofile !== undefined && !tools.prlimit) notEnforced.push(`The number of its open files is not limited to ${limits.nofile}: there is no prlimit on this machine.`);

  // Inside a user namespace there is no other user to change to.
  const noNetwork = limits.network === 'none' && (abilities.ownNetwork === 'direct' || (abilities.ownNetwork === 'user-namespace' && uid === undefined));
  if (limits.network === 'none' && !noNetwork) notEnforced.push('It reaches the network of the host, although its manifest asks for none: this host may not make network namespaces.');

  if (wantsUid && uid === undefined) notEnforced.push('It runs under the user of the host, although PLUGIN_UID_RANGE is set: only a host that runs as root, with setpriv, can change users.');
  // A process of another user, without privileges, or in another user namespace, is not allowed to look into the host's in /proc.
  const dropPrivileges = abilities.dropsPrivileges;
  const userNamespace = uid === undefined && !dropPrivileges && abilities.userNamespaces;
  if (uid === undefined && !dropPrivileges && !userNamespace) {
    notEnforced.push("It can read the host's environment, with the secrets in it, in /proc: run the host as root where setpriv is installed, or allow it user namespaces.");
  }
  return { chain: { noNetwork, userNamespace: userNamespace || (noNetwork && abilities.ownNetwork === 'user-namespace'), nofile: limits.nofile, nproc, dataBytes, uid, dropPrivileges }, notEnforced };
}

function cores(cpu: number): string {
  return cpu === 1 ? '1 core' : `${cpu} cores`;
}
