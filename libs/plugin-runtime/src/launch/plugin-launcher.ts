import type { Deployment } from '../deployment/deployment';
import type { Program } from './stage-program';

export interface ProgramRequest {
  deployment: Deployment;
  /** The private directory of the process. */
  directory: string;
  signal?: AbortSignal;
}

/** Makes of a deployment what the operating system can run. Throws StartFailure when it must not run. */
export interface PluginLauncher {
  prepare(request: ProgramRequest): Promise<Program>;
}
