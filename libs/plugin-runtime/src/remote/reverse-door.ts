import { readFile } from 'node:fs/promises';
import { ServerCredentials } from '@grpc/grpc-js';
import { PluginEventServiceService } from '@sluice/contracts/plugin-events';
import type { Logger } from 'pino';
import type { BrokerIdentity } from '../broker/broker-identity';
import { BrokerServer } from '../broker/broker-server';
import { pluginServices, type PluginServicesOptions } from '../broker/plugin-services';
import { StartFailure } from '../launch/start-failure';
import { RenewedIdentity } from './renewed-identity';
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

/**
 * Where remote plugins reach their host: one server for all, opened when the first of them starts. Who calls is known by the token
 * that its generation was given, and may do what it might on a broker socket.
 */
export class ReverseDoor {
  private readonly services: ReverseServices;
  private opening: Promise<BrokerServer> | undefined;

  constructor(
    private readonly options: ReverseOptions,
    private readonly shared: PluginServicesOptions,
    private readonly logger: Logger,
  ) {
    this.services = new ReverseServices([...shared.serviceApi.map(({ definition }) => definition), PluginEventServiceService]);
  }

  /** Throws StartFailure when this host cannot listen; the next generation tries again. */
  async lend(identity: BrokerIdentity, logger: Logger): Promise<ReverseLease> {
    const [server, ca] = await this.orSay(Promise.all([this.open(), readOptional(this.options.caFile)]));
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
    const server = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    await server?.close();
  }

  private async orSay<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const { host, port } = this.options.listen;
      const { code, message } = error as NodeJS.ErrnoException;
      throw new StartFailure(`This host could not listen for remote plugins at ${host}:${port} (${code ?? message}); see PLUGIN_REVERSE_ADDRESS.`);
    }
  }

  private open(): Promise<BrokerServer> {
    this.opening ??= this.listen().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async listen(): Promise<BrokerServer> {
    return BrokerServer.listen({
      at: this.options.listen,
      maxConnections: MAX_CONNECTIONS,
      credentials: await this.credentials(),
      interceptors: [this.services.interceptor],
      services: this.services.services,
    });
  }

  private async credentials(): Promise<ServerCredentials> {
    const { certificateFile, keyFile, lookEveryMs } = this.options;
    if (certificateFile === undefined || keyFile === undefined) return ServerCredentials.createInsecure();
    return (await RenewedIdentity.read({ certificateFile, keyFile, lookEveryMs }, this.logger)).credentials();
  }
}

async function readOptional(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8');
}
