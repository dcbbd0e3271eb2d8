import type { Context } from './context/context';
import type { PluginConfig } from './context/plugin-config';

/** What every plugin has. Capabilities are further interfaces that the same class implements. */
export interface Plugin {
  /** The id of the manifest, `com.example.my-plugin`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;

  /**
   * Called once, before any other call that carries a context; where hosts connect to the plugin, by each of them and again when one
   * comes back. What it throws is the reason why the load failed.
   */
  initialize?(ctx: Context, config: PluginConfig): void | Promise<void>;

  /** Called once when the host lets go of the plugin. The process ends within two seconds in any case. */
  shutdown?(ctx: Context): void | Promise<void>;

  /** Answers the host's question whether the plugin is well. Without it the answer is yes. */
  healthy?(): boolean | Promise<boolean>;
}

export interface PluginIdentity {
  id: string;
  name?: string;
  version: string;
  description?: string;
}

/**
 * The usual start of a plugin: `class Echo extends BasePlugin implements CustomEndpointHandler { … }`.
 * It holds who the plugin is and nothing else, so that no capability is there by accident.
 */
export abstract class BasePlugin implements Plugin {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;

  constructor(identity: PluginIdentity) {
    this.id = identity.id;
    this.name = identity.name ?? identity.id;
    this.version = identity.version;
    this.description = identity.description ?? '';
  }
}
