import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { listBody, pageQuery, type PageQuery } from '../../http/pagination';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, PathId, ZodBody, ZodQuery } from '../../http/zod';
import { ApiKeyService } from './api-key.service';
import { apiKeyView, createApiKeyBody, newApiKeyView, viewApiKey, type CreateApiKey } from './auth.schema';

@Controller('api/v1/api-keys')
export class ApiKeyController {
  constructor(private readonly apiKeys: ApiKeyService) {}

  @Get()
  @Policy({ scope: 'me.read' })
  @Answers('List my API keys', apiKeyView, { list: true })
  async list(@Ctx() ctx: RequestContext, @ZodQuery(pageQuery) query: PageQuery): Promise<object> {
    return listBody(await this.apiKeys.list(ctx, query), viewApiKey);
  }

  @Post()
  @Policy({ scope: 'me.write' })
  @Answers('Make an API key; it is shown this once', newApiKeyView, { status: 201 })
  async create(@Ctx() ctx: RequestContext, @ZodBody(createApiKeyBody) body: CreateApiKey): Promise<object> {
    const { key, row } = await this.apiKeys.create(ctx, body);
    return { data: { ...viewApiKey(row), key } };
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy({ scope: 'me.write' })
  @Answers('Revoke an API key', undefined, { status: 204 })
  revoke(@Ctx() ctx: RequestContext, @PathId() id: number): Promise<void> {
    return this.apiKeys.revoke(ctx, id);
  }
}
