import { checkCompat, parseManifest, type ManifestCompat, type PlatformVersions } from '@sluice/plugin-manifest';
import { StartFailure } from '../launch/start-failure';
import type { GenerationRequest, GenerationStarter, RunningGeneration } from './generation';

/**
 * Starts only plugins that fit this host. What was registered is looked at before there is a process; what the plugin itself says, which is newer where somebody
 * else runs it, before it takes calls.
 */
export class FittingStarter implements GenerationStarter {
  constructor(
    private readonly starter: GenerationStarter,
    private readonly here: PlatformVersions,
  ) {}

  async start(request: GenerationRequest): Promise<RunningGeneration> {
    this.check(request.definition.compat);
    const generation = await this.starter.start(request);
    const { manifestJson } = generation.answers;
    const parsed = manifestJson === '' ? undefined : parseManifest(manifestJson);
    try {
      this.check(parsed?.ok ? parsed.manifest.compat : undefined);
    } catch (error) {
      await generation.end('unload');
      throw error;
    }
    return generation;
  }

  private check(compat: ManifestCompat | undefined): void {
    const faults = compat ? checkCompat({ compat }, this.here) : [];
    if (faults.length > 0) throw new StartFailure(`The plugin does not fit this host: ${faults.map(({ message }) => message).join(' ')}`);
  }
}
