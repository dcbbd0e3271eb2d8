import { type ChannelCredentials, Client, type ClientDuplexStream, connectivityState, credentials } from '@grpc/grpc-js';
import { type ConnInfo, GRPCBrokerService } from '@sluice/contracts/go-plugin';
import type { PluginAddress } from '../handshake/parse-handshake';
import { GrpcPluginChannel } from './grpc-plugin-channel';
import { LanePluginChannel } from './lane-plugin-channel';
import type { WatchedChannel } from './plugin-channel';
import type { Transport } from './transport';

const OPTIONS = {
  // Compiled plugins refuse a request whose authority is a socket path.
  'grpc.default_authority': 'localhost',
  // What their certificates are for, where they have any.
  'grpc.ssl_target_name_override': 'localhost',
  'grpc.max_send_message_length': -1,
  // What a stream may have on its way. With less, a fast one arrives in many small reads, and each takes a whole buffer for the collector.
  'grpc-node.flow_control_window': 262_144,
  // A request is sent once; what to do when a plugin dies under it is the caller's decision.
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_channelz': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
};

export interface PluginConnectionOptions {
  credentials?: ChannelCredentials;
  /** Of the largest message that the plugin may send; any size when it is left out. */
  messageBytes?: number;
  /** What carries the requests. Default: @grpc/grpc-js. The lane takes a unix socket without certificates. */
  transport?: Transport;
}

/** How a host talks to a plugin process. */
export class PluginConnection {
  private readonly client: Client;
  readonly transport: Transport;
  /** For the requests that the plugin is there for; drained before a generation ends. */
  readonly calls: WatchedChannel;
  /** For the host's own business with the plugin: life cycle, questions, health. */
  readonly control: GrpcPluginChannel;

  constructor(address: PluginAddress, options: PluginConnectionOptions = {}) {
    const { messageBytes, transport = 'grpc-js' } = options;
    this.client = new Client(target(address), options.credentials ?? credentials.createInsecure(), { ...OPTIONS, 'grpc.max_receive_message_length': messageBytes ?? -1 });
    this.control = new GrpcPluginChannel(this.client.getChannel());
    this.transport = transport;
    this.calls = transport === 'lane' && address.network === 'unix' ? new LanePluginChannel(address.path, messageBytes) : new GrpcPluginChannel(this.client.getChannel());
  }

  /** Resolves to false when there is no connection in time. */
  ready(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => this.client.waitForReady(Date.now() + timeoutMs, (error) => resolve(!error)));
  }

  get connected(): boolean {
    return this.client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  /** The broker stream, open for the life of the process. */
  openBroker(): ClientDuplexStream<ConnInfo, ConnInfo> {
    const { path, requestSerialize, responseDeserialize } = GRPCBrokerService.startStream;
    return this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  }

  close(): void {
    this.calls.close();
    this.control.close();
    this.client.close();
  }
}

function target(address: PluginAddress): string {
  return address.network === 'unix' ? `unix:${address.path}` : `dns:${address.host}:${address.port}`;
}
