import { Injectable } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';

/** Counts what gateways were refused, by the code of the error. */
@Injectable()
export class GatewayRefusals {
  private readonly refused = metrics.getMeter('studio').createCounter('sluice_gateway_calls_refused_total', { description: 'Calls of gateways that the studio refused, by error code.' });

  count(code: string): void {
    this.refused.add(1, { code });
  }
}
