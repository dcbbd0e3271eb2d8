import { Controller, Get, Header, Inject, Query, Res } from '@nestjs/common';
import { SNAPSHOT_FORMAT } from '@sluice/config-snapshot';
import type { FastifyReply } from 'fastify';
import { HEALTH } from '../tokens';
import { VERSION } from '../version';
import type { GatewayHealth } from './gateway-health';
import type { ReadinessReport } from './readiness';
import { requestErrors } from './request-errors';

/** What operators and orchestrators ask. */
@Controller()
export class HealthController {
  constructor(@Inject(HEALTH) private readonly health: GatewayHealth) {}

  @Get('livez')
  async livez(): Promise<object> {
    await this.health.alive();
    return { status: 'alive' };
  }

  @Get('readyz')
  @Header('cache-control', 'no-store')
  async readyz(
    @Query('verbose') verbose: string | undefined,
    @Query('min_revision') minRevision: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReadinessReport> {
    const report = await this.health.readiness(readRevision(minRevision), verbose !== undefined && verbose !== 'false');
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
    return this.health.metrics();
  }
}

function readRevision(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,15}$/.test(text)) throw new requestErrors.badRevision({ text });
  return Number(text);
}
