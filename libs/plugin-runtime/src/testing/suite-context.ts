import type { TransportChoice } from '../connect/transport';
import type { Deployment } from '../deployment/deployment';
import { parseDeployment } from '../deployment/parse-deployment';
import type { PluginDefinition, PluginGeneration, PluginHostOptions } from '../host/plugin-host';
import { memoryServiceApi } from './memory-service-api';
import { definition, TestHost } from './test-host';

export const ECHO = 7;
export const APPS = [{ id: 1, name: 'Billing' }, { id: 2, name: 'Support' }];
const SCOPES = ['kv.readwrite', 'plugins.config', 'apps.read'];

/** What the tests of the suite share: the plugin under test, and a host of its own for each group of tests. */
export class SuiteContext {
  deployment: Deployment = { kind: 'file', path: '' };

  constructor(private readonly transport: TransportChoice = 'auto') {}

  /** Its process is not the host's: it has no folder here, and no pid. */
  get isRemote(): boolean {
    return this.deployment.kind === 'grpc';
  }

  async prepare(command: string | (() => Promise<string>)): Promise<void> {
    this.deployment = parseDeployment(typeof command === 'string' ? command : await command());
  }

  echo(change: Partial<PluginDefinition> = {}): PluginDefinition {
    return definition({ id: ECHO, name: 'echo', deployment: this.deployment, config: { slug: 'echo', content: 'Hello' }, approvedScopes: SCOPES, ...change });
  }

  host(options: Partial<PluginHostOptions> = {}): TestHost {
    return new TestHost({ serviceApi: [memoryServiceApi(APPS)], policy: { transport: this.transport }, ...options });
  }

  /** A host with the echo plugin serving. */
  async started(change: Partial<PluginDefinition> = {}): Promise<{ hosted: TestHost; echo: PluginGeneration }> {
    const hosted = this.host();
    hosted.host.apply([this.echo(change)]);
    return { hosted, echo: await hosted.serving(ECHO) };
  }
}
