import type { Plugin } from '../base-plugin';
import type { ServicesConnection } from '../broker/services-connection';
import type { Context } from '../context/context';
import { type ContextSource, requestContext } from '../context/request-context';
import type { Runtime } from '../context/runtime';
import type { HostServices } from '../services/host-services';
import type { Logger } from '../services/logger';

export interface PluginProcessOptions {
  plugin: Plugin;
  runtime: Runtime;
  logger: Logger;
  connection: ServicesConnection;
  services: HostServices;
  /** 0 until the host has said it. */
  identity: { pluginId: number };
}

/** What the handlers of all RPCs share: the plugin and its host. */
export class PluginProcess {
  readonly plugin: Plugin;
  readonly logger: Logger;
  readonly connection: ServicesConnection;
  readonly services: HostServices;
  private shuttingDown: Promise<boolean> | undefined;

  constructor(private readonly options: PluginProcessOptions) {
    this.plugin = options.plugin;
    this.logger = options.logger;
    this.connection = options.connection;
    this.services = options.services;
  }

  /** Every call of the host that tells these tells the same ones; 0 says nothing. */
  learn(pluginId: number, serviceBrokerId: number): void {
    if (pluginId !== 0) this.options.identity.pluginId = pluginId;
    this.connection.useBrokerId(serviceBrokerId);
  }

  context(source: ContextSource, end: { readonly signal: AbortSignal }): Context {
    const { runtime, services, identity } = this.options;
    return requestContext({ runtime, services, pluginId: identity.pluginId }, source, end);
  }

  /** A context for calls that belong to no request. */
  ownContext(): Context {
    return this.context({}, new AbortController());
  }

  /** Runs the author's `shutdown`, once however often it is asked for. False when it failed. */
  shutdown(): Promise<boolean> {
    return (this.shuttingDown ??= this.runShutdown());
  }

  private async runShutdown(): Promise<boolean> {
    try {
      await this.plugin.shutdown?.(this.ownContext());
      return true;
    } catch (error) {
      this.logger.error('shutdown failed.', { error });
      return false;
    }
  }
}
