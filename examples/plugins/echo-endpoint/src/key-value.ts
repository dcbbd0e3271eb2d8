import { type Context, EndpointError, type EndpointRequest, type EndpointResponse, json } from '@sluice/plugin-sdk';
import type { Echo } from './echo';

/** `/kv/{key}`: the plugin's own storage on its host. */
export async function keyValue(_plugin: Echo, ctx: Context, request: EndpointRequest): Promise<EndpointResponse> {
  const { kv } = ctx.services;
  const key = request.pathSegments.slice(1).join('/');
  if (key === '') throw new EndpointError(400, 'Name a key: /kv/{key}.');
  switch (request.method) {
    case 'GET': {
      const value = await kv.get(key);
      if (!value) throw new EndpointError(404, `There is no value for ${key}.`);
      return { headers: { 'Content-Type': 'application/octet-stream' }, body: value };
    }
    case 'PUT':
      await kv.set(key, request.body);
      return json({ key, bytes: request.body.length });
    case 'DELETE':
      if (!(await kv.delete(key))) throw new EndpointError(404, `There is no value for ${key}.`);
      return { status: 204 };
    default:
      throw new EndpointError(405, 'Use GET, PUT or DELETE.', { Allow: 'GET, PUT, DELETE' });
  }
}
