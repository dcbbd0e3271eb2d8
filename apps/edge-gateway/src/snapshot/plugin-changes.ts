import type { CrashCard, PluginStatus } from '@sluice/plugin-runtime';

/** Carries the news of the plugin host to those who are made after it. */
export class PluginChanges {
  private readonly listeners: ((status: PluginStatus) => void)[] = [];
  private readonly crashListeners: ((card: CrashCard) => void)[] = [];

  readonly tell = (status: PluginStatus): void => {
    for (const listener of this.listeners) listener(status);
  };

  readonly tellCrash = (card: CrashCard): void => {
    for (const listener of this.crashListeners) listener(card);
  };

  listenToCrashes(listener: (card: CrashCard) => void): void {
    this.crashListeners.push(listener);
  }

  listen(listener: (status: PluginStatus) => void): void {
    this.listeners.push(listener);
  }
}
