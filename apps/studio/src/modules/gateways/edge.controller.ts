import { Controller, Inject, UseFilters } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type {
  AcknowledgeRequest,
  AcknowledgeResponse,
  DeliverPayloadsRequest,
  DeliverPayloadsResponse,
  RegisterRequest,
  RegisterResponse,
  ReportCrashesRequest,
  ReportCrashesResponse,
  ReportRefusedCallsRequest,
  ReportRefusedCallsResponse,
  SendHeartbeatRequest,
  SendHeartbeatResponse,
} from '@sluice/contracts/edge';
import type { Clock } from '@sluice/kernel';
import { CLOCK } from '../../process.module';
import { EDGE_SERVICE } from './edge-grpc';
import { EdgeRpcFilter } from './edge-rpc.filter';
import { GatewayEnrolmentService } from './gateway-enrolment.service';
import { GatewayMailService } from './gateway-mail.service';
import { GatewayReportsService } from './gateway-reports.service';
import { HEARTBEAT_INTERVAL_MS, LEASE_MS } from './gateway-state';

/** `edge.v1.EdgeService`. Who may call is decided by an enrolment token once and by the gateway's own signature ever after, in the services. */
@Controller()
@UseFilters(EdgeRpcFilter)
export class EdgeController {
  constructor(
    private readonly enrolment: GatewayEnrolmentService,
    private readonly reports: GatewayReportsService,
    private readonly mail: GatewayMailService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @GrpcMethod(EDGE_SERVICE, 'register')
  async register({ signed }: RegisterRequest): Promise<RegisterResponse> {
    return { gatewayId: await this.enrolment.register(signed), heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS, leaseMs: LEASE_MS, studioTimeMs: BigInt(this.clock.now()) };
  }

  @GrpcMethod(EDGE_SERVICE, 'sendHeartbeat')
  async sendHeartbeat({ signed }: SendHeartbeatRequest): Promise<SendHeartbeatResponse> {
    return { publishedRevision: await this.reports.heartbeat(signed), studioTimeMs: BigInt(this.clock.now()) };
  }

  @GrpcMethod(EDGE_SERVICE, 'reportCrashes')
  async reportCrashes({ signed }: ReportCrashesRequest): Promise<ReportCrashesResponse> {
    await this.reports.crashes(signed);
    return {};
  }

  @GrpcMethod(EDGE_SERVICE, 'acknowledge')
  async acknowledge({ signed }: AcknowledgeRequest): Promise<AcknowledgeResponse> {
    await this.reports.acknowledge(signed);
    return {};
  }

  @GrpcMethod(EDGE_SERVICE, 'deliverPayloads')
  async deliverPayloads({ signed }: DeliverPayloadsRequest): Promise<DeliverPayloadsResponse> {
    await this.mail.payloads(signed);
    return {};
  }

  @GrpcMethod(EDGE_SERVICE, 'reportRefusedCalls')
  async reportRefusedCalls({ signed }: ReportRefusedCallsRequest): Promise<ReportRefusedCallsResponse> {
    await this.mail.refused(signed);
    return {};
  }
}
