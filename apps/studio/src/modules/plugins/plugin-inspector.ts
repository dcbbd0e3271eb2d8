import { Inject, Injectable } from '@nestjs/common';
import { isSluiceError, type Fault, type SluiceError } from '@sluice/kernel';
import { checkCompat } from '@sluice/plugin-manifest';
import { inspectPlugin, parseDeployment, pinDeployment, type Deployment } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import { StudioConfig } from '../../config';
import { LOGGER } from '../../process.module';
import { PLATFORM } from '../../platform';
import { pluginServiceErrors } from './plugin-errors';
import { readPluginPackage, type PluginPackage } from './plugin-package';
import { PluginPrograms } from './plugin-programs';

/** Starts a plugin's process just long enough to ask for its manifest and config schema. */
@Injectable()
export class PluginInspector {
  constructor(
    private readonly config: StudioConfig,
    private readonly programs: PluginPrograms,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async inspect(command: string): Promise<PluginPackage> {
    const deployment = await this.locate(command);
    const digest = deployment.kind === 'grpc' ? null : (deployment.digest ?? null);
    const read = readPluginPackage(await this.ask(command, deployment), digest);
    const faults = read.ok ? misfits(read.package) : read.faults;
    if (!read.ok || faults.length > 0) throw new pluginServiceErrors.invalid({ command }, { faults, detail: faults[0]?.message });
    return read.package;
  }

  /** What the command names, pinned before it is asked, so that what answered is what hosts will start. */
  private async locate(command: string): Promise<Deployment> {
    try {
      return await pinDeployment(parseDeployment(command, this.config.pluginHost.policy), this.programs);
    } catch (error) {
      if (isSluiceError(error)) throw refuse(command, error);
      throw error;
    }
  }

  private async ask(command: string, deployment: Deployment): Promise<{ manifestJson: string; configSchemaJson: string }> {
    try {
      return await inspectPlugin(deployment, {
        runtime: 'studio',
        runDirectory: this.config.pluginRunDirectory,
        logger: this.logger,
        policy: this.config.pluginHost.policy,
        programs: this.programs,
      });
    } catch (error) {
      if (isSluiceError(error)) throw refuse(command, error);
      throw error;
    }
  }
}

/** What it asks of gateways each gateway has to say for itself. */
function misfits({ manifest }: PluginPackage): Fault[] {
  const found = manifest ? checkCompat(manifest, PLATFORM) : [];
  return found.map(({ pointer, message }) => ({ pointer: `/manifest${pointer}`, message }));
}

/** The runtime's own sentence, where the registration form shows it. */
function refuse(command: string, error: SluiceError): SluiceError {
  const Refusal = error.kind === 'invalid' ? pluginServiceErrors.invalid : pluginServiceErrors.unreadable;
  return new Refusal({ command, ...error.details }, { detail: error.message, cause: error, faults: [{ pointer: '/command', message: error.message }] });
}
