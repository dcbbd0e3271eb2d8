import type { Logger } from 'pino';
import type { PluginHostConfig } from '../plugin-host-config';
import type { RegistryProgramsOptions } from './registry-programs';
import { readSigningKeys } from './signing-keys';

/**
 * What the settings of a host say about registries, with the keys read from their files. Throws `oci.badSigningKey`: a host that was told to
 * check signatures does not start without being able to.
 */
export function registryOptions({ oci }: PluginHostConfig, logger: Logger): RegistryProgramsOptions {
  const { signingKeyFiles, ...settings } = oci;
  return { ...settings, signingKeys: readSigningKeys(signingKeyFiles), logger };
}
