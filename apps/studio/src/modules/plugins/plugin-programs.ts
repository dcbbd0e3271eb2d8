import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { registryOptions, RegistryPrograms } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import { StudioConfig } from '../../config';
import { LOGGER } from '../../process.module';

/** Programs of `oci://` plugins, for their registration and for the processes of this studio. */
@Injectable()
export class PluginPrograms extends RegistryPrograms implements OnApplicationShutdown {
  constructor(config: StudioConfig, @Inject(LOGGER) logger: Logger) {
    super(registryOptions(config.pluginHost, logger));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
