import type { PluginStatus } from '@sluice/plugin-runtime';

/** Carries the news of the plugin host to those who are made after it. */
export class PluginChanges {
  private readonly listeners: ((status: PluginStatus) => void)[] = [];

  readonly tell = (status: PluginStatus): void => {
    for (const listener of this.listeners) listener(status);
  };

  listen(listener: (status: PluginStatus) => void): void {
    this.listeners.push(listener);
  }
}
