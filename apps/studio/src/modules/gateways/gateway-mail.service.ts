import { Injectable } from '@nestjs/common';
import { PayloadBatch, RefusedCalls, type Signed } from '@sluice/contracts/edge';
import { EdgePayloadIntake } from '../edge-payloads';
import { RefusedCallAudit } from '../refused-calls';
import { GatewaySignatures, readMessage } from './gateway-signatures';

/** What gateways pass on for their plugins. */
@Injectable()
export class GatewayMailService {
  constructor(
    private readonly signatures: GatewaySignatures,
    private readonly intake: EdgePayloadIntake,
    private readonly refusedCalls: RefusedCallAudit,
  ) {}

  /** A batch may come twice: what is known already is known by its sequence, so its time does not matter. */
  async payloads(signed: Signed | undefined): Promise<void> {
    const { gateway, payload } = await this.signatures.verify('PayloadBatch', signed);
    await this.intake.take(gateway, readMessage(() => PayloadBatch.decode(payload)));
  }

  async refused(signed: Signed | undefined): Promise<void> {
    const { gateway, payload } = await this.signatures.verify('RefusedCalls', signed);
    const { sentAtMs, calls } = readMessage(() => RefusedCalls.decode(payload));
    this.signatures.checkTime(sentAtMs);
    const fromGateway = calls.map(({ pluginId, method, reason, message, repeatedCount }) => ({ pluginId, method, reason, message, repeated: repeatedCount }));
    await this.refusedCalls.record(fromGateway, gateway);
  }
}
