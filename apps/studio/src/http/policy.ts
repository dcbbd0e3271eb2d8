import { SetMetadata } from '@nestjs/common';
import type { StudioScope } from './scopes';

/** Who may call a route: holders of a scope, anyone, or gateways, which show a token that they signed and reach what is of their own namespace: the one that the path names. */
export type RoutePolicy = { scope: StudioScope } | { public: true } | { edge: true };

export const POLICY_METADATA = 'sluice:policy';

/** States a route's policy, on a method or for a whole controller. A route without one is refused. */
export const Policy = (policy: RoutePolicy): MethodDecorator & ClassDecorator => SetMetadata(POLICY_METADATA, policy);
