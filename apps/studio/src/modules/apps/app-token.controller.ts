import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { listBody, pageQuery, type PageQuery } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../http/zod';
import { createTokenBody, newTokenView, tokenView, viewToken, type CreateToken } from './app-token.schema';
import { AppTokenService } from './app-token.service';

@Controller('api/v1/apps/:id/tokens')
export class AppTokenController {
  constructor(private readonly tokens: AppTokenService) {}

  @Get()
  @Policy({ scope: 'apps.read' })
  @Answers('List the tokens of an app, revoked ones too', tokenView, { list: true })
  async list(@Ctx() ctx: RequestContext, @PathId() appId: number, @ZodQuery(pageQuery) query: PageQuery): Promise<object> {
    return listBody(await this.tokens.list(ctx, appId, query), viewToken);
  }

  @Post()
  @Policy({ scope: 'apps.write' })
  @Answers('Make a token; it is shown this once', newTokenView, { status: 201 })
  async create(@Ctx() ctx: RequestContext, @PathId() appId: number, @ZodBody(createTokenBody) body: CreateToken): Promise<object> {
    const { token, row } = await this.tokens.create(ctx, appId, body);
    return { data: { ...viewToken(row), token } };
  }

  @Delete(':tokenId')
  @HttpCode(204)
  @Policy({ scope: 'apps.write' })
  @Answers('Revoke a token', undefined, { status: 204 })
  revoke(@Ctx() ctx: RequestContext, @PathId() appId: number, @PathId('tokenId') tokenId: number): Promise<void> {
    return this.tokens.revoke(ctx, appId, tokenId);
  }
}
