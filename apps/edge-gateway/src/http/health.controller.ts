import { Controller, Get, Header, Inject, Query, Res } from '@nestjs/common';
import { SNAPSHOT_FORMAT } from '@sluice/config-snapshot';
import type { Telemetry } from '@sluice/platform-telemetry';
import type { FastifyReply } from 'fastify';
import { TELEMETRY } from '../tokens';
import { VERSION } from '../version';
import { Readiness, type ReadinessReport } from './readiness';
import { requestErrors } from './request-errors';

/** What operators and orchestrators ask. */
@Controller()
export class HealthController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  /** That it is answered at all says that the event loop turns. */
  @Get('livez')
  livez(): object {
    return { status: 'alive' };
  }

  @Get('readyz')
  @Header('cache-control', 'no-store')
  readyz(
    @Query('verbose') verbose: string | undefined,
    @Query('min_revision') minRevision: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ReadinessReport {
    const least = readRevision(minRevision);
    const report = verbose === undefined || verbose === 'false' ? this.readiness.report(least) : this.readiness.verbose(least);
    void reply.status(report.status === 'ready' ? 200 : 503);
    return report;
  }

  @Get('version')
  version(): object {
    return { name: 'edge-gateway', version: VERSION, node: process.version, snapshot_format: SNAPSHOT_FORMAT };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.telemetry.metricsText();
  }
}

function readRevision(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,15}$/.test(text)) throw new requestErrors.badRevision({ text });
  return Number(text);
}
