import { Controller, UseFilters } from '@nestjs/common';
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
import { EDGE_SERVICE } from './edge-grpc';
import { EdgeRpcFilter } from './edge-rpc.filter';
import { GatewayEnrolmentService } from './gateway-enrolment.service';
import { GatewayMailService } from './gateway-mail.service';
import { GatewayReportsService } from './gateway-reports.service';
import { HEARTBEAT_INTERVAL_MS, LEASE_MS } from './gateway-state';

/** `edge.v1.EdgeService`. Who may call is decided by the join token and the gateway's own signature, in the services. */
@Controller()
@UseFilters(EdgeRpcFilter)
export class EdgeController {
  constructor(
    private readonly enrolment: GatewayEnrolmentService,
    private readonly reports: GatewayReportsService,
    private readonly mail: GatewayMailService,
  ) {}

  @GrpcMethod(EDGE_SERVICE, 'register')
  async register(request: RegisterRequest): Promise<RegisterResponse> {
    return { gatewayId: await this.enrolment.register(request), heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS, leaseMs: LEASE_MS };
  }

  @GrpcMethod(EDGE_SERVICE, 'sendHeartbeat')
  async sendHeartbeat({ signed }: SendHeartbeatRequest): Promise<SendHeartbeatResponse> {
    return { publishedRevision: await this.reports.heartbeat(signed) };
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
