import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { listBody, pageQuery, type PageQuery } from '../../../http/pagination';
import { Policy } from '../../../http/policy';
import { Ctx, type RequestContext } from '../../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../../http/zod';
import { createEnrolmentTokenBody, enrolmentTokenView, newEnrolmentTokenView, viewEnrolmentToken, type CreateEnrolmentToken } from './enrolment-token.schema';
import { EnrolmentTokenService } from './enrolment-token.service';

@Controller('api/v1/gateways/enrolment-tokens')
export class EnrolmentTokenController {
  constructor(private readonly tokens: EnrolmentTokenService) {}

  @Get()
  @Policy({ scope: 'gateways.read' })
  @Answers('List enrolment tokens, revoked ones and used ones too', enrolmentTokenView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(pageQuery) query: PageQuery): Promise<object> {
    return listBody(await this.tokens.list(ctx, query), viewEnrolmentToken);
  }

  @Post()
  @Policy({ scope: 'gateways.write' })
  @Answers('Make a token that admits new gateways to a namespace; it is shown this once', newEnrolmentTokenView, { status: 201 })
  async create(@Ctx() ctx: RequestContext, @ZodBody(createEnrolmentTokenBody) body: CreateEnrolmentToken): Promise<object> {
    const { token, row } = await this.tokens.create(ctx, body);
    return { data: { ...viewEnrolmentToken(row), token } };
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy({ scope: 'gateways.write' })
  @Answers('Revoke an enrolment token; gateways that it admitted stay', undefined, { status: 204 })
  revoke(@Ctx() ctx: RequestContext, @PathId() id: number): Promise<void> {
    return this.tokens.revoke(ctx, id);
  }
}
