import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { StudioConfig } from '../config';
import { Authenticator, GatewayAuthenticator, SESSION_COOKIE, type Identity } from './authenticator';
import { refuseCrossSiteWrite, refuseForeignOrigin } from './cross-site';
import { httpErrors } from './errors';
import { POLICY_METADATA, type RoutePolicy } from './policy';
import { identify } from './request-context';
import { scopesCover } from './scopes';

/** Lets a request through when the policy of its route says so. A route without a policy is closed. */
@Injectable()
export class PolicyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly gateways: GatewayAuthenticator,
    private readonly config: StudioConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<RoutePolicy | undefined>(POLICY_METADATA, [context.getHandler(), context.getClass()]);
    if (!policy) throw new httpErrors.noPolicy({ handler: `${context.getClass().name}.${context.getHandler().name}` });
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if ('public' in policy) refuseForeignOrigin(request, this.config.publicUrl);
    else identify(request, 'edge' in policy ? await this.gateways.byToken(bearerOf(request), (request.params as { namespace?: string }).namespace) : await this.holderOf(policy.scope, request));
    return true;
  }

  private async holderOf(scope: string, request: FastifyRequest): Promise<Identity> {
    const identity = await this.identityOf(request);
    if (!identity) throw new httpErrors.unauthenticated();
    if (!scopesCover(identity.scopes, scope)) throw new httpErrors.forbidden({ scope }, { detail: `This needs the scope ${scope}.` });
    return identity;
  }

  /** An Authorization header speaks for itself; a cookie beside it is not looked at. */
  private async identityOf(request: FastifyRequest): Promise<Identity | null> {
    if (request.headers.authorization !== undefined) {
      const key = bearerOf(request);
      return key === undefined ? null : this.authenticator.byApiKey(key);
    }
    const session = request.cookies[SESSION_COOKIE];
    if (session === undefined) return null;
    const identity = await this.authenticator.bySession(session);
    if (identity) refuseCrossSiteWrite(request, this.config.publicUrl);
    return identity;
  }
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
