import type { PluginHostPolicy } from '../host/plugin-host-policy';
import { capLimits, type PluginLimits } from '../limits/plugin-limits';
import type { Program } from '../launch/stage-program';
import { StartFailure } from '../launch/start-failure';
import { type Abilities, findAbilities } from './abilities';
import type { CgroupGroup } from './cgroup-group';
import { Confinement } from './confinement';
import { execChain } from './exec-chain';
import { nextGroupName } from './find-cgroups';
import { planConfinement } from './plan-confinement';
import { type UidPool, uidPoolOf } from './uid-pool';

let instances = 0;

export interface ConfinementRequest {
  /** The same for every generation of one plugin. */
  holder: string;
  limits?: PluginLimits;
}

/** Keeps the processes of one host to their limits and apart from each other, as far as the machine allows. */
export class Isolation {
  private readonly uids: UidPool | undefined;
  private readonly name: string;
  /** Whose last process was ended by its limit of memory. */
  private readonly insatiable = new Set<string>();

  constructor(
    private readonly policy: Pick<PluginHostPolicy, 'caps' | 'uidRange'>,
    private readonly abilities: () => Promise<Abilities> = findAbilities,
  ) {
    this.uids = policy.uidRange ? uidPoolOf(policy.uidRange) : undefined;
    instances += 1;
    this.name = `${instances}`;
  }

  /** What a process that is about to start gets. Throws {@link StartFailure}, and then nothing is taken. */
  async confine({ holder: plugin, limits: asked }: ConfinementRequest): Promise<Confinement> {
    const holder = `${this.name}/${plugin}`;
    const abilities = await this.abilities();
    const limits = capLimits(asked, this.policy.caps);
    const uid = abilities.changesUser ? this.uids?.acquire(holder) : undefined;
    const release = () => {
      if (uid !== undefined) this.uids?.release(holder);
    };
    const { chain, notEnforced } = planConfinement(limits, uid, this.uids !== undefined, abilities);
    const group = this.group(limits, abilities, release);
    const wrap = ({ file, args }: Program) => execChain([file, ...args], { ...chain, cgroups: group?.folders ?? [] }, abilities.tools);
    // It comes back at once and may do the same again: with less time for it, it is ended and started less often.
    const onProbation = this.insatiable.delete(holder);
    return new Confinement({ limits, uid, notEnforced, group, onProbation, wrap, onOutOfMemory: () => this.insatiable.add(holder), release });
  }

  private group(limits: PluginLimits, { cgroups }: Abilities, release: () => void): CgroupGroup | undefined {
    try {
      return cgroups?.create(nextGroupName(), limits);
    } catch (error) {
      release();
      throw new StartFailure(`The limits of the plugin could not be set: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
}
