import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PluginManifest } from '@sluice/plugin-manifest';
import type { HostCertificate } from '../../../connect/host-certificate';
import { withoutCertificates } from '../../../connect/pinned-pair';
import { PluginConnection } from '../../../connect/plugin-connection';
import { type TransportChoice, transportFor } from '../../../connect/transport';
import { runsOnNode } from '../../../deployment/runs-on-node';
import { quote } from '../../../handshake/parse-handshake';
import { checkHealth } from '../../../health/check-health';
import type { PluginRuntimeName } from '../../../host/plugin-host';
import { type Environment, ownEnvironment, pluginEnvironment } from '../../../process/plugin-environment';
import { SERVICE_BROKER_ID } from '../../../broker/open-broker';
import { StartFailure } from '../../../launch/start-failure';
import type { RemoteAddress } from '../../../remote/parse-grpc-address';
import { remoteConfig } from '../../../remote/remote-config';
import { RemoteConnection } from '../../../remote/remote-connection';
import { flattenConfig } from '../../../session/flatten-config';
import { fail, skip } from '../verdict';
import { describeError } from './describe-outcome';
import { HostServices } from './host-services';
import { RawProcess } from './raw-process';
import { pairWith, readHandshake } from './read-handshake';
import type { Samples } from './samples';
import { StartedPlugin } from './started-plugin';
import type { Target } from './target';

export const PLUGIN_ID = 4_711;

export interface SubjectOptions {
  target: Target;
  runtime: PluginRuntimeName;
  config: Readonly<Record<string, unknown>>;
  samples: Samples;
  /** The longest wait for anything, in milliseconds. */
  timeoutMs: number;
  /** What carries the calls. */
  transport: TransportChoice;
}

export interface StartOptions {
  runtime?: PluginRuntimeName;
  /** Announces the Service API, as a host does before `Initialize`. Default: yes. */
  announce?: boolean;
  /** Offers AutoMTLS with this certificate. */
  certificate?: HostCertificate;
}

/** The plugin under test. A check takes from it what it needs; everything that it started is ended afterwards. */
export class Subject {
  manifest: PluginManifest | undefined;
  configSchemaJson = '';
  config: Readonly<Record<string, unknown>>;
  runtime: PluginRuntimeName;
  private readonly directories: string[] = [];
  private readonly processes: RawProcess[] = [];
  private readonly plugins: StartedPlugin[] = [];
  private common: StartedPlugin | undefined;
  /** Where a plugin that runs elsewhere reaches the kit. */
  private door: HostServices | undefined;

  constructor(private readonly options: SubjectOptions) {
    this.config = options.config;
    this.runtime = options.runtime;
  }

  get samples(): Samples {
    return this.options.samples;
  }

  get timeoutMs(): number {
    return this.options.timeoutMs;
  }

  /** The environment of the contract and a private directory. */
  environment(runtime: PluginRuntimeName = this.runtime, inherited: Environment = ownEnvironment()): Record<string, string> {
    const directory = mkdtempSync(join(tmpdir(), 'slc-'));
    this.directories.push(directory);
    return pluginEnvironment({ inherited, runtime, ...(runtime === 'gateway' ? { edgeId: 'conformance' } : {}), directory });
  }

  /** For checks that say nothing of a plugin that somebody else runs. */
  mustStartHere(): void {
    if (this.options.target.kind !== 'file') skip('the plugin runs elsewhere; the kit does not start it');
  }

  /** A process with nothing asked of it. */
  spawn(environment: Readonly<Record<string, string>>): RawProcess {
    const { target } = this.options;
    if (target.kind !== 'file') return skip('the plugin runs elsewhere; the kit does not start it');
    const [file, args] = runsOnNode(target.path) ? [process.execPath, [target.path]] : [target.path, []];
    const started = new RawProcess(file, args, environment, dirname(target.path));
    this.processes.push(started);
    return started;
  }

  /** A plugin that has shaken hands and says that it is healthy. */
  async start(options: StartOptions = {}): Promise<StartedPlugin> {
    const plugin = await this.connected(options);
    if (!(await checkHealth(plugin.connection.control, this.timeoutMs))) {
      fail(`The plugin does not say that it is healthy: answer grpc.health.v1.Health/Check for the service "plugin" with SERVING.${plugin.lastWords()}`);
    }
    if (options.announce ?? true) plugin.services.startAnnouncing();
    return plugin;
  }

  /** A plugin that has taken its config. */
  async initialized(options: StartOptions = {}): Promise<StartedPlugin> {
    const plugin = await this.start(options);
    await this.initialize(plugin, options.runtime);
    return plugin;
  }

  async initialize(plugin: StartedPlugin, runtime?: PluginRuntimeName): Promise<void> {
    const outcome = await plugin.ask('initialize', { config: this.flatConfig(this.config, runtime) }, this.timeoutMs);
    const remedy = 'Name a config that works with --config key=value, or give the properties of the config schema defaults.';
    if (outcome.kind === 'error') {
      await plugin.mustLive('Initialize');
      fail(`Initialize ${describeError(outcome)}. Answer success=false with an error_message when a config cannot be used.`);
    }
    const { success, errorMessage } = outcome.answer;
    if (!success) fail(`Initialize refused the config ${JSON.stringify(this.config)}: ${quote(errorMessage)}. ${remedy}`);
  }

  /** The config as `Initialize` carries it. */
  flatConfig(config: Readonly<Record<string, unknown>> = this.config, runtime: PluginRuntimeName = this.runtime): Record<string, string> {
    if (this.door) return remoteConfig({ config, id: PLUGIN_ID }, runtime, { config: { _service_address: this.door.address, _service_token: 'conformance', _service_tls: 'off', has_service_api: 'true' } });
    return flattenConfig(config, { pluginId: PLUGIN_ID, serviceBrokerId: SERVICE_BROKER_ID });
  }

  /** One initialised plugin for all checks that only call it; a new one when the last has died. */
  async shared(): Promise<StartedPlugin> {
    if (this.common && !this.common.process?.exit && this.common.connection.calls.connected) return this.common;
    const plugin = await this.initialized();
    this.common = plugin;
    return plugin;
  }

  /** Ends what a check started, except what checks share. */
  async tidy(): Promise<void> {
    const ours = this.common;
    const done = this.plugins.filter((plugin) => plugin !== ours);
    this.plugins.length = 0;
    if (ours) this.plugins.push(ours);
    await Promise.all(done.map((plugin) => plugin.dispose()));
    const processes = this.processes.filter((process) => process !== ours?.process);
    this.processes.length = 0;
    if (ours?.process) this.processes.push(ours.process);
    await Promise.all(processes.map((process) => process.dispose()));
  }

  async close(): Promise<void> {
    this.common = undefined;
    await this.tidy();
    await this.door?.close();
    for (const directory of this.directories) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A plugin that there is a connection to. */
  async connected(options: StartOptions = {}): Promise<StartedPlugin> {
    const { target } = this.options;
    const plugin = target.kind === 'grpc' ? await this.reach(target) : await this.launch(options);
    this.plugins.push(plugin);
    return plugin;
  }

  private async reach(target: RemoteAddress): Promise<StartedPlugin> {
    this.door ??= await HostServices.listenOnPort();
    try {
      const connection = await RemoteConnection.create(target);
      await connection.connect(this.timeoutMs).catch((error: unknown) => {
        connection.close();
        throw error;
      });
      return new StartedPlugin(connection, this.door);
    } catch (error) {
      if (error instanceof StartFailure) fail(error.message);
      throw error;
    }
  }

  private async launch({ runtime, certificate }: StartOptions): Promise<StartedPlugin> {
    const environment = this.environment(runtime);
    if (certificate) environment['PLUGIN_CLIENT_CERT'] = certificate.certificate;
    const process = this.spawn(environment);
    const handshake = await readHandshake(process, certificate !== undefined, this.timeoutMs);
    const credentials = certificate ? pairWith(certificate, handshake.certificate) : withoutCertificates();
    const transport = transportFor(this.options.transport, handshake.address, certificate !== undefined);
    const connection = new PluginConnection(handshake.address, { credentials: credentials.client, transport });
    if (!(await connection.ready(this.timeoutMs))) {
      connection.close();
      fail(`The plugin does not accept a connection at the address of its handshake: listen before you print the line.`);
    }
    const broker = connection.openBroker();
    broker.on('error', () => undefined).on('data', () => undefined);
    const services = await HostServices.listen(join(environment['PLUGIN_UNIX_SOCKET_DIR']!, 'host.sock'), broker, credentials.server);
    return new StartedPlugin(connection, services, { process, handshake, broker });
  }
}
