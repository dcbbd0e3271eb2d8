import { type Context, type EndpointResponse, json } from '@sluice/plugin-sdk';

/** `/apps`: both hosts know the apps, each through its own Service API. */
export async function listApps(ctx: Context): Promise<EndpointResponse> {
  const { services } = ctx;
  const { apps, totalCount } = await (ctx.runtime === 'studio' ? services.studio.listApps() : services.gateway.listApps());
  return json({ apps: apps.map(({ id, name }) => ({ id, name })), total: Number(totalCount) });
}
