import { Controller, Get, Patch, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IfMatch, tagged, type ExpectedVersions } from '../../http/etag';
import { listBody, pageQuery, type PageQuery } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../http/zod';
import { organizationView, updateOrganizationBody, viewOrganization, type UpdateOrganization } from './organization.schema';
import { OrganizationService } from './organization.service';

@Controller('api/v1/organizations')
export class OrganizationController {
  constructor(private readonly organizations: OrganizationService) {}

  @Get()
  @Policy({ scope: 'organizations.read' })
  @Answers('List organizations', organizationView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(pageQuery) query: PageQuery): Promise<object> {
    return listBody(await this.organizations.list(ctx, query), viewOrganization);
  }

  @Get(':id')
  @Policy({ scope: 'organizations.read' })
  @Answers('Read an organization', organizationView)
  async get(@Ctx() ctx: RequestContext, @PathId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const organization = await this.organizations.get(ctx, id);
    return tagged(reply, organization.version, viewOrganization(organization));
  }

  @Patch(':id')
  @Policy({ scope: 'organizations.write' })
  @Answers('Change an organization', organizationView)
  async update(
    @Ctx() ctx: RequestContext,
    @PathId() id: number,
    @IfMatch() expected: ExpectedVersions,
    @ZodBody(updateOrganizationBody) body: UpdateOrganization,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const organization = await this.organizations.update(ctx, id, expected, body);
    return tagged(reply, organization.version, viewOrganization(organization));
  }
}
