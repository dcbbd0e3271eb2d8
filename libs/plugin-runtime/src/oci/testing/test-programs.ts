import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryPrograms, type RegistryProgramsOptions } from '../registry-programs';

/** The `RegistryPrograms` of a test, with a cache that goes away with it. */
export class TestPrograms {
  readonly warnings: unknown[] = [];
  private readonly opened: RegistryPrograms[] = [];
  readonly cacheDirectory = mkdtempSync(join(tmpdir(), 'slpc-'));

  open(options: Partial<RegistryProgramsOptions> & Pick<RegistryProgramsOptions, 'registries'>): RegistryPrograms {
    const logger = { info: () => undefined, warn: (details: unknown) => void this.warnings.push(details) };
    const programs = new RegistryPrograms({ cacheDirectory: this.cacheDirectory, signingKeys: [], logger, ...options });
    this.opened.push(programs);
    return programs;
  }

  /** Names below the cache: `programs` are the finished ones, `work` is what was begun. */
  entries(folder: 'programs' | 'work' | 'holders'): string[] {
    try {
      return readdirSync(join(this.cacheDirectory, folder));
    } catch {
      return [];
    }
  }

  async close(): Promise<void> {
    for (const programs of this.opened) await programs.close();
    rmSync(this.cacheDirectory, { recursive: true, force: true });
  }
}
