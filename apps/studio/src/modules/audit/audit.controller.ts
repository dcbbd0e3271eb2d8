import { Controller, Get } from '@nestjs/common';
import { listBody } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, ZodQuery } from '../../http/zod';
import { auditEntryView, auditQuery, viewAuditEntry, type AuditQuery } from './audit.schema';
import { AuditService } from './audit.service';

@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Policy({ scope: 'audit.read' })
  @Answers('List audit entries, newest first', auditEntryView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(auditQuery) query: AuditQuery): Promise<object> {
    return listBody(await this.audit.list(ctx, query), viewAuditEntry);
  }
}
