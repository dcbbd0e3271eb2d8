import { Client, type ChannelCredentials, connectivityState, credentials } from '@grpc/grpc-js';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import type { Announcements } from './announcements';
import type { ServicesConnection } from './services-connection';

const ANNOUNCEMENT_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** The longest that a timer takes: the connection is for the life of the process. */
const NEVER_IDLE_MS = 2 ** 31 - 1;

/** The one connection to the services of the host. It is made when it is first needed, and again after it was lost. */
export class HostConnection implements ServicesConnection {
  private brokerId = 0;
  private connecting: Promise<Client> | undefined;
  private connected: Client | undefined;
  private lastKnown: ConnInfo | undefined;

  constructor(
    private readonly announcements: Announcements,
    private readonly channelCredentials: ChannelCredentials = credentials.createInsecure(),
    private readonly announcementTimeoutMs = ANNOUNCEMENT_TIMEOUT_MS,
  ) {}

  useBrokerId(id: number): void {
    if (id !== 0) this.brokerId = id;
  }

  client(): Promise<Client> {
    if (this.connected) return Promise.resolve(this.connected);
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async connect(): Promise<Client> {
    if (this.brokerId === 0) throw new Error('The host has not offered its services to this plugin.');
    const info = (await this.announcements.take(this.brokerId, this.announcementTimeoutMs)) ?? this.lastKnown;
    if (!info) throw new Error(`The host did not announce its services (broker id ${this.brokerId}) within ${this.announcementTimeoutMs / 1000} s.`);
    const client = new Client(addressOf(info), this.channelCredentials, {
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': -1,
      'grpc.client_idle_timeout_ms': NEVER_IDLE_MS,
      'grpc.default_authority': 'localhost',
      'grpc.ssl_target_name_override': 'localhost',
    });
    try {
      await ready(client);
    } catch (cause) {
      client.close();
      throw new Error('The services of the host could not be reached.', { cause });
    }
    this.lastKnown = info;
    this.connected = client;
    this.forgetWhenLost(client);
    return client;
  }

  private forgetWhenLost(client: Client): void {
    client.getChannel().watchConnectivityState(connectivityState.READY, Infinity, () => {
      if (this.connected === client) this.connected = undefined;
      client.close();
    });
  }
}

function ready(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + CONNECT_TIMEOUT_MS, (error) => (error ? reject(error) : resolve()));
  });
}

function addressOf({ network, address }: ConnInfo): string {
  return network === 'unix' ? `unix:${address}` : address;
}
