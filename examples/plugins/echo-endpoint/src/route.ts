import type { Context, EndpointRequest, EndpointResponse } from '@sluice/plugin-sdk';
import type { Echo } from './echo';

export type Route = (echo: Echo, ctx: Context, request: EndpointRequest) => Promise<EndpointResponse> | EndpointResponse;
