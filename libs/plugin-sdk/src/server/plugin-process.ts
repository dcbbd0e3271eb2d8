import type { HostConnection } from '../broker/host-connection';
import type { Plugin } from '../base-plugin';
import type { Context } from '../context/context';
import { type ContextSource, requestContext } from '../context/request-context';
import type { Runtime } from '../context/runtime';
import type { HostServices } from '../services/host-services';
import type { Logger } from '../services/logger';

/** What the handlers of all RPCs share: the plugin, its host, and how it ends. */
export interface PluginProcess {
  plugin: Plugin;
  runtime: Runtime;
  logger: Logger;
  connection: HostConnection;
  services: HostServices;
  /** 0 until the host has said it. */
  identity: { pluginId: number };
  /** Ends the process gracefully, at most after `graceMs`. */
  end(graceMs: number): void;
}

export function contextFor(process: PluginProcess, source: ContextSource, signal: AbortSignal): Context {
  const { runtime, services, identity } = process;
  return requestContext({ runtime, services, pluginId: identity.pluginId }, source, signal);
}

/** A context for calls that belong to no request. */
export function processContext(process: PluginProcess): Context {
  return contextFor(process, {}, new AbortController().signal);
}
