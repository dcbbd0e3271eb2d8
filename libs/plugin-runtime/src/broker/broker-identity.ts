import { effectiveScopes, parseManifest, type PluginManifest } from '@sluice/plugin-manifest';
import type { ServiceCaller } from './service-api';

export interface BrokerIdentityOptions {
  pluginId: number;
  pluginName: string;
  generation: number;
  approvedScopes: readonly string[];
  /** Of which gateways the plugin is; `''` for all. */
  namespace?: string;
  /** Asks the plugin for its manifest's text; `''` when it has none. Must not reject. */
  askManifest(): Promise<string>;
}

/**
 * Who calls on one broker socket, and what it may do. Until the manifest is known the approved scopes decide; from then on what it
 * declares as well. An event call needs the manifest's topics and may come before the host has asked: then the manifest is asked for.
 */
export class BrokerIdentity {
  private known: PluginManifest | undefined;
  private asked: Promise<PluginManifest | undefined> | undefined;

  constructor(private readonly options: BrokerIdentityOptions) {}

  /** Takes the answer of the host's own question. */
  learn(manifestJson: string): void {
    const parsed = manifestJson === '' ? undefined : parseManifest(manifestJson);
    this.known = parsed?.ok ? parsed.manifest : undefined;
    this.asked = Promise.resolve(this.known);
  }

  get caller(): ServiceCaller {
    const { pluginId, pluginName, generation, approvedScopes } = this.options;
    const scopes = this.known ? effectiveScopes(this.known.permissions.services, approvedScopes) : approvedScopes;
    return { pluginId, pluginName, generation, manifestId: this.known?.id ?? '', approvedScopes: scopes };
  }

  get namespace(): string {
    return this.options.namespace ?? '';
  }

  manifest(): Promise<PluginManifest | undefined> {
    this.asked ??= this.options.askManifest().then((json) => {
      this.learn(json);
      return this.known;
    });
    return this.asked;
  }
}
