import { Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { httpErrors } from '../../http/errors';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers } from '../../http/zod';
import { UserEntity } from '../users';
import { meView, viewMe } from './auth.schema';

@Controller('api/v1/me')
export class MeController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @Policy({ scope: 'me.read' })
  @Answers('Who I am and what I may do', meView)
  async me(@Ctx() ctx: RequestContext): Promise<object> {
    const user = ctx.actor.kind === 'user' ? await this.dataSource.manager.findOneBy(UserEntity, { id: ctx.actor.userId }) : null;
    if (!user) throw new httpErrors.unauthenticated();
    return { data: viewMe(user, ctx.scopes) };
  }
}
