import { isSluiceError } from '@sluice/kernel';
import type { OciPrograms } from './oci-programs';
import type { PluginLauncher, ProgramRequest } from './plugin-launcher';
import { type Program, stageProgram } from './stage-program';
import { StartFailure } from './start-failure';

/** What a registry, or the way to it, does for a while. */
const PASSING: readonly string[] = ['oci.registryUnreachable', 'oci.registryTimedOut', 'oci.registryFailed', 'oci.truncated'];

export interface LocalLauncherOptions {
  /** The operator named folders that plugins must lie in. */
  hasRoots: boolean;
  programs?: OciPrograms;
}

/** Files of this machine, and artifacts of registries once they lie on it. */
export class LocalPluginLauncher implements PluginLauncher {
  constructor(private readonly options: LocalLauncherOptions) {}

  async prepare({ deployment, directory, signal }: ProgramRequest): Promise<Program> {
    switch (deployment.kind) {
      case 'file':
        return stageProgram({ path: deployment.path, digest: deployment.digest, pathIsReal: this.options.hasRoots }, directory);
      case 'oci':
        return stageProgram({ ...(await this.obtain(deployment, signal)), pathIsReal: false }, directory);
      case 'grpc':
        throw new StartFailure('A plugin at a network address is not started here.');
    }
  }

  private async obtain({ reference, digest }: { reference: string; digest?: string }, signal?: AbortSignal): Promise<{ path: string; digest: string }> {
    const { programs } = this.options;
    if (!programs) throw new StartFailure('This host does not fetch plugins from registries.');
    try {
      const pinned = digest ?? (await programs.resolve(reference)).digest;
      return await programs.obtain({ reference, digest: pinned }, signal);
    } catch (error) {
      if (isSluiceError(error)) throw new StartFailure(error.message, null, PASSING.includes(error.code));
      throw error;
    }
  }
}
