import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StudioConfig } from '../../config';
import { SESSION_COOKIE } from '../../http/authenticator';
import { Policy } from '../../http/policy';
import { Ctx, type RequestContext } from '../../http/request-context';
import { Answers, ZodBody } from '../../http/zod';
import { loginBody, meView, viewMe, type Login } from './auth.schema';
import { scopesOf } from './identity';
import { SESSION_SECONDS, SessionService } from './session.service';

@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly sessions: SessionService,
    private readonly config: StudioConfig,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Policy({ public: true })
  @Answers('Log in; the answer sets the session cookie', meView)
  async login(@Ctx() ctx: RequestContext, @ZodBody(loginBody) body: Login, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { user, token } = await this.sessions.login(ctx, body);
    void reply.setCookie(SESSION_COOKIE, token, { ...this.cookie, maxAge: SESSION_SECONDS });
    return { data: viewMe(user, scopesOf(user)) };
  }

  @Post('logout')
  @HttpCode(204)
  @Policy({ scope: 'me.read' })
  @Answers('Log out', undefined, { status: 204 })
  async logout(@Ctx() ctx: RequestContext, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = request.cookies[SESSION_COOKIE];
    if (token !== undefined) await this.sessions.logout(ctx, token);
    void reply.clearCookie(SESSION_COOKIE, this.cookie);
  }

  private get cookie(): { path: string; httpOnly: true; sameSite: 'lax'; secure: boolean } {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.config.publicUrl.protocol === 'https:' };
  }
}
