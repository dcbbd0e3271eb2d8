import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type ChannelCredentials, type Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { ConfigProviderServiceClient } from '@sluice/contracts/config-provider';
import { GRPCBrokerClient, GRPCControllerClient, GRPCStdioClient } from '@sluice/contracts/go-plugin';
import { HealthClient } from '@sluice/contracts/health';
import { EndpointRequest, type EndpointResponse, PluginServiceClient } from '@sluice/contracts/plugin';

const DEFAULT_ENTRY_FOLDER = resolve(__dirname, '../../dist/testing');

/** A plugin process as a host of any make sees it: pipes, and a socket that speaks the wire contract. */
export class RawHost {
  readonly stdoutLines: string[] = [];
  readonly stderrLines: string[] = [];
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  private readonly clients: Client[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly folder: string,
  ) {
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.stdoutLines.push(line));
    if (child.stderr) createInterface(child.stderr).on('line', (line) => this.stderrLines.push(line));
    this.exited = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
  }

  /** `entry` is a fixture's name, or the path of another plugin's entry file. */
  static spawn(entry: string, env: Record<string, string> = { AI_STUDIO_PLUGIN: 'v1' }): RawHost {
    const file = entry.includes('/') ? entry : join(DEFAULT_ENTRY_FOLDER, `${entry}.js`);
    if (!existsSync(file)) throw new Error(`${file} is missing: build the workspace first (npm run build).`);
    const folder = mkdtempSync(join(tmpdir(), 'sdk'));
    const child = spawn(process.execPath, [file], {
      env: { PATH: process.env['PATH'], PLUGIN_UNIX_SOCKET_DIR: folder, PLUGIN_RUNTIME: 'gateway', ...env },
    });
    return new RawHost(child, folder);
  }

  /** The parts of the handshake's line. */
  async handshake(): Promise<string[]> {
    await eventually(() => this.stdoutLines.length > 0 || this.child.exitCode !== null);
    return (this.stdoutLines[0] ?? '').split('|');
  }

  async plugin(security?: ChannelCredentials): Promise<PluginServiceClient> {
    return this.connect(PluginServiceClient, security);
  }

  config(): Promise<ConfigProviderServiceClient> {
    return this.connect(ConfigProviderServiceClient);
  }

  broker(): Promise<GRPCBrokerClient> {
    return this.connect(GRPCBrokerClient);
  }

  stdio(): Promise<GRPCStdioClient> {
    return this.connect(GRPCStdioClient);
  }

  controller(): Promise<GRPCControllerClient> {
    return this.connect(GRPCControllerClient);
  }

  health(): Promise<HealthClient> {
    return this.connect(HealthClient);
  }

  /** The body of a unary endpoint call to this path, as text. */
  async get(path: string): Promise<string> {
    return (await this.endpoint(path)).body.toString();
  }

  async endpoint(path: string): Promise<EndpointResponse> {
    const client = await this.plugin();
    return answer((done) => client.handleEndpointRequest(endpointRequest(path), done));
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.exited;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async connect<T extends Client>(
    Constructor: new (address: string, security: ChannelCredentials, options: object) => T,
    security = credentials.createInsecure(),
  ): Promise<T> {
    const [, , , address] = await this.handshake();
    const client = new Constructor(`unix:${address}`, security, {
      'grpc.default_authority': 'localhost',
      'grpc.ssl_target_name_override': 'localhost',
    });
    this.clients.push(client);
    return client;
  }
}

export function endpointRequest(path: string): EndpointRequest {
  const pathSegments = path.split('/').filter(Boolean);
  return EndpointRequest.fromPartial({ method: 'GET', relativePath: path, pathSegments, context: { requestId: 'request-1' } });
}

/** A unary call of a generated client as a promise. */
export function answer<T>(call: (done: (error: ServiceError | null, response?: T) => void) => unknown): Promise<T> {
  return new Promise((done, fail) => call((error, response) => (response === undefined ? fail(error) : done(response))));
}

/** Waits for what another process does. */
export async function eventually(condition: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('What was waited for did not happen.');
    await new Promise((resolveTimer) => setTimeout(resolveTimer, 20));
  }
}
