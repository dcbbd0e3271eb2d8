import type { Deployment } from '../deployment/deployment';
import type { PluginProcess } from '../process/plugin-process';
import type { PluginLog } from '../process/plugin-log';

export interface LaunchRequest {
  deployment: Deployment;
  environment: Readonly<Record<string, string>>;
  log: PluginLog;
}

/** Makes a process of a deployment. There is one for each kind of deployment. */
export interface PluginLauncher {
  launch(request: LaunchRequest): PluginProcess;
}
