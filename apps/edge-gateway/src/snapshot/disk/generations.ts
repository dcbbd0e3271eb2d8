import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^snapshot-(\d{1,15})\.(checkpoint|journal|checkpoint\.tmp|copy)$/;

/** The files of a state folder: generation n is a checkpoint and the journal of what followed it. */
export class Generations {
  constructor(private readonly folder: string) {}

  checkpoint(generation: number): string {
    return join(this.folder, `snapshot-${generation}.checkpoint`);
  }

  journal(generation: number): string {
    return join(this.folder, `snapshot-${generation}.journal`);
  }

  /** Where a checkpoint is copied to while it is fetched. */
  copy(number: number): string {
    return join(this.folder, `snapshot-${number}.copy`);
  }

  makeFolder(): Promise<string | undefined> {
    return mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Which there are, the oldest first. */
  async list(): Promise<{ checkpoints: number[]; journals: number[]; unfinished: number[]; copies: number[] }> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const found = names.flatMap((name) => {
      const match = NAME.exec(name);
      return match ? [{ generation: Number(match[1]), kind: match[2] }] : [];
    });
    const of = (kind: string) => found.filter((file) => file.kind === kind).map(({ generation }) => generation).sort((a, b) => a - b);
    return { checkpoints: of('checkpoint'), journals: of('journal'), unfinished: of('checkpoint.tmp'), copies: of('copy') };
  }

  /** Keeps this checkpoint and the one before it, with all journals since, and forgets the rest. */
  async keepFrom(generation: number): Promise<void> {
    const { checkpoints, journals, unfinished } = await this.list();
    const oldest = checkpoints.filter((other) => other < generation).at(-1) ?? generation;
    for (const old of checkpoints) if (old < oldest) await rm(this.checkpoint(old), { force: true });
    for (const old of journals) if (old < oldest) await rm(this.journal(old), { force: true });
    // What a crash left behind.
    for (const old of unfinished) if (old < generation) await rm(`${this.checkpoint(old)}.tmp`, { force: true });
  }

  /** What a crash left of copies. */
  async removeCopies(): Promise<void> {
    for (const copy of (await this.list()).copies) await rm(this.copy(copy), { force: true });
  }

  async removeAll(): Promise<void> {
    const { checkpoints, journals } = await this.list();
    for (const generation of checkpoints) await rm(this.checkpoint(generation), { force: true });
    for (const generation of journals) await rm(this.journal(generation), { force: true });
  }
}
