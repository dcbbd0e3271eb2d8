import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { TransportChoice } from '../connect/transport';
import type { Deployment } from '../deployment/deployment';
import type { PluginRuntimeName } from '../host/plugin-host';
import type { AutoMtls } from '../host/plugin-host-policy';
import type { Isolation } from '../isolation/isolation';
import type { PluginLimits } from '../limits/plugin-limits';
import type { LogRing } from '../process/log-ring';
import type { Environment } from '../process/plugin-environment';
import type { PluginTimings } from '../timings';
import type { PluginLauncher } from './plugin-launcher';

/** What every process of this host has in common. */
export interface LaunchContext {
  launcher: PluginLauncher;
  clock: Clock;
  timings: PluginTimings;
  runtime: PluginRuntimeName;
  edgeId?: string;
  runDirectory: string;
  environment: Environment;
  isolation: Isolation;
  autoMtls: AutoMtls;
  transport: TransportChoice;
}

export interface LaunchOptions {
  deployment: Deployment;
  logger: Logger;
  ring: LogRing;
  /** What the manifest asks for. */
  limits?: PluginLimits;
  /** Which plugin it is: its generations share a user. */
  holder: string;
  /** Ends the process at once and fails the launch. */
  signal?: AbortSignal;
}
