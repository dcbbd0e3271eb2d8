import { credentials, Metadata, type ClientUnaryCall, type ServiceError } from '@grpc/grpc-js';
import {
  EdgeServiceClient,
  type AcknowledgeResponse,
  type DeliverPayloadsResponse,
  type RegisterResponse,
  type ReportCrashesResponse,
  type ReportRefusedCallsResponse,
  type SendHeartbeatResponse,
  type Signed,
} from '@sluice/contracts/edge';

const DEADLINE_MS = 5_000;
/** For megabytes that the studio writes to its disk before it answers. */
const BULK_DEADLINE_MS = 20_000;

type Callback<T> = (error: ServiceError | null, response: T) => void;

/** The calls of `edge.v1.EdgeService` as promises, each with a deadline. */
export class EdgeCalls {
  private client: EdgeServiceClient | undefined;

  /** @param url `host:port`, or with `grpc://` or `http://` before it; `grpcs://` and `https://` ask for TLS. */
  constructor(private readonly url: string) {}

  register(signed: Signed): Promise<RegisterResponse> {
    return this.call((client, options, callback) => client.register({ signed }, new Metadata(), options, callback));
  }

  sendHeartbeat(signed: Signed): Promise<SendHeartbeatResponse> {
    return this.call((client, options, callback) => client.sendHeartbeat({ signed }, new Metadata(), options, callback));
  }

  acknowledge(signed: Signed): Promise<AcknowledgeResponse> {
    return this.call((client, options, callback) => client.acknowledge({ signed }, new Metadata(), options, callback));
  }

  reportCrashes(signed: Signed): Promise<ReportCrashesResponse> {
    return this.call((client, options, callback) => client.reportCrashes({ signed }, new Metadata(), options, callback));
  }

  deliverPayloads(signed: Signed): Promise<DeliverPayloadsResponse> {
    return this.call((client, options, callback) => client.deliverPayloads({ signed }, new Metadata(), options, callback), BULK_DEADLINE_MS);
  }

  reportRefusedCalls(signed: Signed): Promise<ReportRefusedCallsResponse> {
    return this.call((client, options, callback) => client.reportRefusedCalls({ signed }, new Metadata(), options, callback));
  }

  /** Leaves the connection; the next call makes a new one. For one that takes calls and answers none. */
  reconnect(): void {
    this.client?.close();
    this.client = undefined;
  }

  private call<T>(start: (client: EdgeServiceClient, options: { deadline: number }, callback: Callback<T>) => ClientUnaryCall, deadlineMs = DEADLINE_MS): Promise<T> {
    this.client ??= connect(this.url);
    const client = this.client;
    return new Promise((resolve, reject) => {
      start(client, { deadline: Date.now() + deadlineMs }, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }
}

function connect(url: string): EdgeServiceClient {
  const [, scheme = '', address = ''] = /^(?:(\w+):\/\/)?(.*?)\/*$/.exec(url) ?? [];
  const tls = scheme === 'grpcs' || scheme === 'https';
  return new EdgeServiceClient(address, tls ? credentials.createSsl() : credentials.createInsecure(), {
    // gRPC's own pause grows to two minutes, which is longer than a studio's restart should be noticed.
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': 2_000,
    // Otherwise a new client is given the old connection.
    'grpc.use_local_subchannel_pool': 1,
  });
}
