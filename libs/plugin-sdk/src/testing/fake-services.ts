import { join } from 'node:path';
import { Server, ServerCredentials, type ServerWritableStream, status } from '@grpc/grpc-js';
import type { ConnInfo, GRPCBrokerClient } from '@sluice/contracts/go-plugin';
import {
  type ListAppsRequest,
  ListAppsResponse,
  type MicrogatewayManagementServiceServer,
  MicrogatewayManagementServiceService,
} from '@sluice/contracts/microgateway-management';
import { EventMessage, type PluginEventServiceServer, PluginEventServiceService, type PublishRequest, type SubscribeRequest } from '@sluice/contracts/plugin-events';

/** A gateway's services for one plugin: on a socket of their own, announced on the broker stream. */
export class FakeServices {
  readonly kv = new Map<string, Buffer>();
  readonly published: PublishRequest[] = [];
  readonly subscribers: ServerWritableStream<SubscribeRequest, EventMessage>[] = [];
  readonly listAppsRequests: ListAppsRequest[] = [];
  private server = new Server();

  constructor(private readonly security = ServerCredentials.createInsecure()) {}

  async start(folder: string, broker: GRPCBrokerClient, serviceId = 1): Promise<void> {
    const address = join(folder, `services${Math.random().toString(36).slice(2, 8)}`);
    this.server = this.makeServer();
    await new Promise<void>((resolve, reject) => {
      this.server.bindAsync(`unix:${address}`, this.security, (error) => (error ? reject(error) : resolve()));
    });
    const stream = broker.startStream();
    stream.on('error', () => undefined);
    stream.on('data', () => undefined);
    stream.write({ serviceId, network: 'unix', address } as ConnInfo);
  }

  /** As if the host's listener had died: connections break. */
  stop(): void {
    for (const subscriber of this.subscribers.splice(0)) subscriber.end();
    this.server.forceShutdown();
  }

  deliver(topic: string, payload: string): void {
    for (const call of this.subscribers) {
      call.write(EventMessage.create({ id: 'e1', topic, origin: 'test', payload: Buffer.from(payload) }));
    }
  }

  private makeServer(): Server {
    const server = new Server();
    const gateway: Pick<MicrogatewayManagementServiceServer, 'readPluginKv' | 'writePluginKv' | 'deletePluginKv' | 'listApps'> = {
      readPluginKv: ({ request }, callback) => {
        const value = this.kv.get(request.key);
        if (value) callback(null, { value });
        else callback({ code: status.NOT_FOUND, details: 'key not found' });
      },
      writePluginKv: ({ request }, callback) => {
        const created = !this.kv.has(request.key);
        this.kv.set(request.key, request.value);
        callback(null, { created });
      },
      deletePluginKv: ({ request }, callback) => callback(null, { deleted: this.kv.delete(request.key) }),
      listApps: ({ request }, callback) => {
        this.listAppsRequests.push(request);
        callback(null, ListAppsResponse.create({ totalCount: 9_007_199_254_740_993n }));
      },
    };
    const events: Pick<PluginEventServiceServer, 'publish' | 'subscribe'> = {
      publish: ({ request }, callback) => {
        this.published.push(request);
        callback(null, { success: true, errorMessage: '', eventId: 'event-7' });
      },
      subscribe: (call) => {
        call.on('error', () => undefined);
        this.subscribers.push(call);
      },
    };
    server.addService(MicrogatewayManagementServiceService, { ...gateway });
    server.addService(PluginEventServiceService, { ...events });
    return server;
  }
}
