import { Client, connectivityState } from '@grpc/grpc-js';
import { HealthCheckResponse_ServingStatus, HealthService } from '@sluice/contracts/health';
import type { Clock } from '@sluice/kernel';
import { callMessage } from '../connect/call-message';
import { GrpcPluginChannel } from '../connect/grpc-plugin-channel';
import { ChannelError } from '../connect/plugin-channel';
import { StartFailure } from '../launch/start-failure';
import { describeConnectFailure } from './describe-connect-failure';
import type { RemoteAddress } from './parse-grpc-address';
import { remoteCredentials } from './remote-credentials';

const OPTIONS = {
  'grpc.max_send_message_length': -1,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  // Every generation has a connection of its own: by it the plugin knows which Initialize a call belongs to.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_channelz': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
};
const BETWEEN_ATTEMPTS_MS = 250;
const PLUGIN_SERVICE = 'plugin';

/** The one connection of a generation to a plugin that somebody else runs. */
export class RemoteConnection {
  /** For the requests that the plugin is there for; drained before a generation ends. */
  readonly calls: GrpcPluginChannel;
  /** For the host's own business with the plugin: life cycle, questions, health. */
  readonly control: GrpcPluginChannel;
  private closed = false;

  private constructor(
    private readonly client: Client,
    private readonly remote: RemoteAddress,
  ) {
    this.calls = new GrpcPluginChannel(client.getChannel());
    this.control = new GrpcPluginChannel(client.getChannel());
  }

  /**
   * Reads the files that protect the connection; nothing is connected yet. Throws {@link StartFailure}.
   * @param messageBytes of the largest message that the plugin may send; any size when it is left out.
   */
  static async create(remote: RemoteAddress, messageBytes = -1): Promise<RemoteConnection> {
    const credentials = await remoteCredentials(remote.tls);
    const serverName = remote.tls.mode === 'plaintext' ? undefined : remote.tls.serverName;
    const name = serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName };
    return new RemoteConnection(new Client(`dns:${remote.address}`, credentials, { ...OPTIONS, ...name, 'grpc.max_receive_message_length': messageBytes }), remote);
  }

  /** Throws {@link StartFailure} unless a plugin answers at once that it is healthy. */
  async connect(timeoutMs: number): Promise<void> {
    const { address, tls } = this.remote;
    const answer = await callMessage(this.control, HealthService.check, { service: PLUGIN_SERVICE }, timeoutMs).catch((error: unknown) => {
      if (!(error instanceof ChannelError)) throw error;
      throw new StartFailure(describeConnectFailure(address, tls, error));
    });
    if (answer.status !== HealthCheckResponse_ServingStatus.SERVING) throw new StartFailure(`The plugin at ${address} says that it is not healthy.`);
  }

  /** The same, tried again and again for as long: a plugin may be just starting. Throws what was wrong at last. */
  async connectWithin(timeoutMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const deadline = clock.now() + timeoutMs;
    for (;;) {
      try {
        return await this.connect(Math.max(1, deadline - clock.now()));
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StartFailure) || clock.now() + BETWEEN_ATTEMPTS_MS >= deadline) throw error;
      }
      await new Promise<void>((resolve) => clock.after(BETWEEN_ATTEMPTS_MS, resolve));
      signal.throwIfAborted();
    }
  }

  /** Calls once, when the connection is lost or closed by the plugin. */
  onLost(tell: () => void): void {
    const channel = this.client.getChannel();
    const look = () => {
      if (this.closed) return;
      const state = channel.getConnectivityState(false);
      if (state !== connectivityState.READY) return tell();
      channel.watchConnectivityState(state, Infinity, look);
    };
    look();
  }

  close(): void {
    this.closed = true;
    this.calls.close();
    this.control.close();
    this.client.close();
  }
}
