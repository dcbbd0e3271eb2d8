import { type Context, EndpointError, type EndpointRequest, type EndpointResponse, json } from '@sluice/plugin-sdk';
import type { Echo } from './echo';

/** POST `/events/publish/{topic}`. */
export async function publishEvent(ctx: Context, request: EndpointRequest): Promise<EndpointResponse> {
  const topic = request.pathSegments[2];
  if (request.method !== 'POST' || !topic) throw new EndpointError(400, 'POST to /events/publish/{topic}.');
  return json({ topic, id: await ctx.services.events.publish(topic, request.body) });
}

/** GET `/events/seen`. */
export function seenEvents(plugin: Echo): EndpointResponse {
  return json(plugin.events.seen);
}
