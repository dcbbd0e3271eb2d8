import { StartFailure } from '../launch/start-failure';
import type { OciPrograms } from '../launch/oci-programs';
import type { Deployment } from './deployment';
import { digestProgram } from './program-digest';
import { refuseCommand } from './refuse-command';

/**
 * The same deployment with the digest of what it is at this moment: what every host compares later, before it starts it. What somebody
 * else runs has none. Throws `plugin.badCommand`, or what the registry's client throws.
 */
export async function pinDeployment(deployment: Deployment, programs?: OciPrograms): Promise<Deployment> {
  switch (deployment.kind) {
    case 'file':
      return { ...deployment, digest: await digestOf(deployment.path) };
    case 'oci':
      if (!programs) refuseCommand(deployment.reference, 'This host does not fetch plugins from registries.');
      return { ...deployment, digest: (await programs.resolve(deployment.reference)).digest };
    case 'grpc':
      return deployment;
  }
}

async function digestOf(path: string): Promise<string> {
  try {
    return await digestProgram(path);
  } catch (error) {
    if (error instanceof StartFailure) refuseCommand(path, error.message);
    throw error;
  }
}
