import { readFile } from 'node:fs/promises';
import { ServerCredentials } from '@grpc/grpc-js';
import { PluginEventServiceService } from '@sluice/contracts/plugin-events';
import type { Logger } from 'pino';
import type { BrokerIdentity } from '../broker/broker-identity';
import { BrokerServer } from '../broker/broker-server';
import { pluginServices, type PluginServicesOptions } from '../broker/plugin-services';
import { StartFailure } from '../launch/start-failure';
import type { ReverseOptions } from './reverse-options';
import { ReverseServices } from './reverse-services';

/** For all remote plugins of a host together; SDKs use one connection for each host. */
const MAX_CONNECTIONS = 1_024;

/** What one generation is given to reach its host. */
export interface ReverseLease {
  /** Keys for the config of `Initialize`. */
  readonly config: Readonly<Record<string, string>>;
  /** The token is worth nothing from now on, and its streams end. */
  end(): void;
}

interface OpenDoor {
  server: BrokerServer;
  /** What plugins are told to trust. */
  ca: string | undefined;
}

/**
 * Where remote plugins reach their host: one server for all, opened when the first of them starts. Who calls is known by the token
 * that its generation was given, and may do what it might on a broker socket.
 */
export class ReverseDoor {
  private readonly services: ReverseServices;
  private opening: Promise<OpenDoor> | undefined;

  constructor(
    private readonly options: ReverseOptions,
    private readonly shared: PluginServicesOptions,
  ) {
    this.services = new ReverseServices([...shared.serviceApi.map(({ definition }) => definition), PluginEventServiceService]);
  }

  /** Throws StartFailure when this host cannot listen; the next generation tries again. */
  async lend(identity: BrokerIdentity, logger: Logger): Promise<ReverseLease> {
    const { server, ca } = await this.open();
    const { token, revoke } = this.services.admit(pluginServices(this.shared, identity, logger));
    return {
      config: {
        _service_address: this.options.publicAddress.replace(/:0$/, `:${server.port}`),
        _service_token: token,
        _service_tls: this.options.certificateFile === undefined ? 'off' : 'on',
        ...(ca !== undefined && { _service_ca: ca }),
        has_service_api: 'true',
      },
      end: revoke,
    };
  }

  async close(): Promise<void> {
    const door = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    await door?.server.close();
  }

  private open(): Promise<OpenDoor> {
    this.opening ??= this.listen().catch((error: NodeJS.ErrnoException) => {
      this.opening = undefined;
      const { host, port } = this.options.listen;
      throw new StartFailure(`This host could not listen for remote plugins at ${host}:${port} (${error.code ?? error.message}); see PLUGIN_REVERSE_ADDRESS.`);
    });
    return this.opening;
  }

  private async listen(): Promise<OpenDoor> {
    const ca = await readOptional(this.options.caFile);
    const server = await BrokerServer.listen({
      at: this.options.listen,
      maxConnections: MAX_CONNECTIONS,
      credentials: await this.credentials(),
      interceptors: [this.services.interceptor],
      services: this.services.services,
    });
    return { server, ca };
  }

  private async credentials(): Promise<ServerCredentials> {
    const [certificate, key] = await Promise.all([readOptional(this.options.certificateFile), readOptional(this.options.keyFile)]);
    if (certificate === undefined || key === undefined) return ServerCredentials.createInsecure();
    return ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(certificate), private_key: Buffer.from(key) }]);
  }
}

async function readOptional(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8');
}
