import { Controller, Get, Header, Inject, Query, Res } from '@nestjs/common';
import type { Telemetry } from '@sluice/platform-telemetry';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../config';
import { TELEMETRY } from '../process.module';
import { VERSION } from '../version';
import { Policy } from './policy';

/** For the platform that runs the process, not for users: no envelope. */
@Controller()
@Policy({ public: true })
export class HealthController {
  constructor(
    private readonly config: StudioConfig,
    private readonly dataSource: DataSource,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  /** That this is answered at all says that the event loop turns. */
  @Get('livez')
  live(): object {
    return { status: 'ok' };
  }

  @Get('readyz')
  async ready(@Query('verbose') verbose: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const checks = { database: await this.databaseAnswers() };
    const ok = Object.values(checks).every(Boolean);
    void reply.status(ok ? 200 : 503);
    return { status: ok ? 'ok' : 'unavailable', ...(verbose !== undefined && { checks }) };
  }

  @Get('version')
  version(): object {
    return { name: 'sluice-studio', version: VERSION, role: this.config.role, node: process.version };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.telemetry.metricsText();
  }

  private async databaseAnswers(): Promise<boolean> {
    return this.dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
}
