import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginLimits } from '../limits/plugin-limits';
import { CgroupGroup, tryWrite } from './cgroup-group';
import type { CgroupController } from './cgroup-mounts';
import { cpuFiles } from './cpu-files';

const MIB = 1_048_576;

/** Where this host may make control groups. */
export interface CgroupTree {
  /** What groups made here can limit. */
  readonly controllers: ReadonlySet<CgroupController>;
  /** A group with these limits. Throws, and leaves nothing, when the kernel refuses one. */
  create(name: string, limits: PluginLimits): CgroupGroup;
  /** Folders that groups of this host and of others lie in. */
  readonly folders: readonly string[];
}

/** Version 1: a hierarchy for each controller. */
export class CgroupTreeV1 implements CgroupTree {
  constructor(private readonly bases: ReadonlyMap<CgroupController, string>) {}

  get controllers(): ReadonlySet<CgroupController> {
    return new Set(this.bases.keys());
  }

  get folders(): readonly string[] {
    return [...this.bases.values()];
  }

  create(name: string, { memoryMb, pids, cpu }: PluginLimits): CgroupGroup {
    // A group is also how every process of a plugin is found in the end, and how it stands back, so there is always one.
    const wanted: Record<CgroupController, boolean> = { memory: memoryMb !== undefined, cpu: true, pids: true };
    const chosen = [...this.bases].filter(([controller], index) => wanted[controller] || (index === 0 && !this.bases.has('pids')));
    const folders = new Map(chosen.map(([controller, base]) => [controller, join(base, name)]));
    return made([...folders.values()], folders.get('memory'), () => {
      const at = (controller: CgroupController, file: string) => join(folders.get(controller) ?? '', file);
      if (folders.has('memory') && memoryMb !== undefined) {
        write(at('memory', 'memory.limit_in_bytes'), memoryMb * MIB);
        // Only where swap is accounted for.
        tryWrite(at('memory', 'memory.memsw.limit_in_bytes'), String(memoryMb * MIB));
      }
      if (folders.has('pids') && pids !== undefined) write(at('pids', 'pids.max'), pids);
      if (folders.has('cpu') && cpu !== undefined) for (const [file, value] of cpuFiles(cpu).v1) write(at('cpu', file), value);
    });
  }
}

/** Version 2: one folder for everything. */
export class CgroupTreeV2 implements CgroupTree {
  constructor(
    private readonly base: string,
    readonly controllers: ReadonlySet<CgroupController>,
  ) {}

  get folders(): readonly string[] {
    return [this.base];
  }

  create(name: string, { memoryMb, pids, cpu }: PluginLimits): CgroupGroup {
    const folder = join(this.base, name);
    return made([folder], folder, () => {
      if (this.controllers.has('memory') && memoryMb !== undefined) {
        write(join(folder, 'memory.max'), memoryMb * MIB);
        tryWrite(join(folder, 'memory.swap.max'), '0');
      }
      if (this.controllers.has('pids') && pids !== undefined) write(join(folder, 'pids.max'), pids);
      if (this.controllers.has('cpu') && cpu !== undefined) for (const [file, value] of cpuFiles(cpu).v2) write(join(folder, file), value);
    });
  }
}

function made(folders: readonly string[], memoryFolder: string | undefined, limit: () => void): CgroupGroup {
  const group = new CgroupGroup(folders, memoryFolder);
  try {
    for (const folder of folders) mkdirSync(folder);
    limit();
    return group;
  } catch (error) {
    void group.remove();
    throw error;
  }
}

function write(file: string, value: number | string): void {
  if (!tryWrite(file, String(value))) throw new Error(`the kernel does not take ${value} in ${file}`);
}
