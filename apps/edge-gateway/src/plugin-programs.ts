import type { OnApplicationShutdown } from '@nestjs/common';
import { RegistryPrograms } from '@sluice/plugin-runtime';

/** Programs of `oci://` plugins. No process needs them to end, so Nest may let go of them at any moment of the shutdown. */
export class PluginPrograms extends RegistryPrograms implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
