import { assertNever } from '@sluice/kernel';
import type { GenerationRequest, GenerationStarter, RunningGeneration } from './generation';

/** Starts each plugin in the way of its deployment: as a process of this machine, or as a connection to one that somebody else runs. */
export class DeploymentStarter implements GenerationStarter {
  constructor(
    private readonly local: GenerationStarter,
    private readonly remote: GenerationStarter,
  ) {}

  start(request: GenerationRequest): Promise<RunningGeneration> {
    const { deployment } = request.definition;
    switch (deployment.kind) {
      case 'file':
      case 'oci':
        return this.local.start(request);
      case 'grpc':
        return this.remote.start(request);
      default:
        return assertNever(deployment);
    }
  }
}
