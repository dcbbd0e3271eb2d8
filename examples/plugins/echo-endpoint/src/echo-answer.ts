import { type App, type Context, type EndpointRequest, type EndpointResponse, json } from '@sluice/plugin-sdk';
import type { Echo } from './echo';

/** Every field of the request, in the protocol's own names, and a little about the plugin. */
export function echo(plugin: Echo, ctx: Context, request: EndpointRequest): EndpointResponse {
  return json({
    method: request.method,
    path: request.path,
    relative_path: request.relativePath,
    path_segments: request.pathSegments,
    headers: request.headers,
    body: request.body.toString('utf8'),
    query_string: request.queryString,
    remote_addr: request.remoteAddr,
    host: request.host,
    protocol: request.protocol,
    context: { request_id: ctx.requestId, metadata: ctx.metadata, trace_context: ctx.traceContext },
    authenticated: request.authenticated,
    app: request.app ? appFields(request.app) : null,
    scopes: request.scopes,
    content: plugin.content,
    config: plugin.config,
    pid: process.pid,
    runtime: ctx.runtime,
  });
}

function appFields(app: App): object {
  return {
    id: app.id,
    name: app.name,
    description: app.description,
    owner_email: app.ownerEmail,
    is_active: app.isActive,
    monthly_budget: app.monthlyBudget,
    rate_limit: app.rateLimit,
    metadata: app.metadata,
    plugin_resources: app.pluginResources.map((resources) => ({
      plugin_id: resources.pluginId,
      resource_type_slug: resources.resourceType,
      instance_ids: resources.instanceIds,
      instances: resources.instances.map(({ id, name, privacyScore, metadata }) => ({
        id,
        name,
        privacy_score: privacyScore,
        metadata: metadata.toString('utf8'),
      })),
    })),
  };
}
