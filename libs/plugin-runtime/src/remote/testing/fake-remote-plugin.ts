import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { HealthCheckResponse, HealthCheckResponse_ServingStatus, HealthService } from '@sluice/contracts/health';
import { CloseSessionResponse, GetManifestResponse, InitResponse, type InitRequest, PluginServiceService } from '@sluice/contracts/plugin';

type Answer<T> = sendUnaryData<T>;

/** A plugin at an address whose every word a test hears, with as much of the protocol as a start needs. */
export class FakeRemotePlugin {
  /** Names of the life cycle's calls, and what `Initialize` brought under `content`. */
  readonly heard: string[] = [];
  healthy = true;
  private server = new Server();
  port = 0;

  async start(): Promise<void> {
    this.server = new Server();
    this.server.addService(HealthService, { check: (_call: unknown, answer: Answer<HealthCheckResponse>) => this.check(answer), watch: () => undefined });
    this.server.addService(PluginServiceService, this.service());
    this.port = await new Promise((resolve, reject) =>
      this.server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
    );
  }

  get command(): string {
    return `grpc://127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private check(answer: Answer<HealthCheckResponse>): void {
    const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
    answer(null, HealthCheckResponse.create({ status: this.healthy ? SERVING : NOT_SERVING }));
  }

  private service(): UntypedServiceImplementation {
    const unknown = Object.keys(PluginServiceService).map((rpc) => [rpc, (_call: unknown, answer: Answer<never>) => {
      this.heard.push(rpc);
      answer({ code: status.UNIMPLEMENTED });
    }]);
    return {
      ...(Object.fromEntries(unknown) as UntypedServiceImplementation),
      initialize: ({ request: { config } }: ServerUnaryCall<InitRequest, InitResponse>, answer: Answer<InitResponse>) => {
        this.heard.push(`initialize ${config['content']}`);
        answer(null, config['content'] === 'refused' ? InitResponse.create({ success: false, errorMessage: 'not like this' }) : InitResponse.create({ success: true }));
      },
      openSession: () => undefined,
      closeSession: ({ request: { reason } }: ServerUnaryCall<{ reason: string }, CloseSessionResponse>, answer: Answer<CloseSessionResponse>) => {
        this.heard.push(`closeSession ${reason}`);
        answer(null, CloseSessionResponse.create({ success: true }));
      },
      getManifest: (_call: unknown, answer: Answer<GetManifestResponse>) => answer(null, GetManifestResponse.create({ success: false })),
    };
  }
}
