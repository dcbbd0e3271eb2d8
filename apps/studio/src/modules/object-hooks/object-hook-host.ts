import { Injectable } from '@nestjs/common';
import type { PluginGeneration } from '@sluice/plugin-runtime';

/** Where plugins run. */
export interface HookablePlugins {
  /** The generation that takes calls now. */
  serving(pluginId: number): PluginGeneration | undefined;
  /** A sentence about why there is none, or `''`. */
  whyNot(pluginId: number): string;
}

/** What object hooks know of the plugin host, which knows of everything else and so comes to them. In a process without one no plugin runs. */
@Injectable()
export class ObjectHookHost implements HookablePlugins {
  private plugins: HookablePlugins | undefined;

  attach(plugins: HookablePlugins): void {
    this.plugins = plugins;
  }

  serving(pluginId: number): PluginGeneration | undefined {
    return this.plugins?.serving(pluginId);
  }

  whyNot(pluginId: number): string {
    return this.plugins?.whyNot(pluginId) ?? '';
  }
}
