import { dirname } from 'node:path';
import { runsOnNode } from '../deployment/runs-on-node';
import { PluginProcess } from '../process/plugin-process';
import type { LaunchRequest, PluginLauncher } from './plugin-launcher';

/** Starts a file of this machine: an executable by itself with no arguments, a script on this Node.js. It runs in the folder it lies in. */
export class FilePluginLauncher implements PluginLauncher {
  launch({ deployment, environment, log }: LaunchRequest): PluginProcess {
    if (deployment.kind !== 'file') throw new Error(`${deployment.kind}:// plugins are not started from a file.`);
    const { path } = deployment;
    const [file, args] = runsOnNode(path) ? [process.execPath, [path]] : [path, []];
    return new PluginProcess({ file, args, environment, directory: dirname(path), log });
  }
}
