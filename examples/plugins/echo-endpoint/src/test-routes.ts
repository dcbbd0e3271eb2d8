import { setTimeout as after } from 'node:timers/promises';
import { type Context, EndpointError, type EndpointRequest, type EndpointResponse, json } from '@sluice/plugin-sdk';
import { echo } from './echo-answer';
import type { Echo } from './echo';

// Answers of every kind, for whoever wants to see how a gateway passes them on.

/** `/sleep/{ms}`: ends at once when nobody waits any more. */
export async function sleep(plugin: Echo, ctx: Context, request: EndpointRequest): Promise<EndpointResponse> {
  await after(numberIn(request), undefined, { signal: ctx.signal });
  return echo(plugin, ctx, request);
}

/** `/status/{code}`. */
export function status(_plugin: Echo, _ctx: Context, request: EndpointRequest): EndpointResponse {
  const code = numberIn(request);
  return json({ status: code }, { status: code, headers: { 'X-Echo': 'yes', 'Set-Cookie': ['a=1; Path=/', 'b=2; Path=/'] } });
}

/** `/error`: an error that is not an answer. */
export function fail(): never {
  throw new Error('echo failed on purpose');
}

/** `/bytes/{n}`. */
export function bytes(_plugin: Echo, _ctx: Context, request: EndpointRequest): EndpointResponse {
  return { headers: { 'Content-Type': 'application/octet-stream' }, body: Buffer.alloc(numberIn(request), 'x') };
}

/** `/crash`: what a host has to live with. */
export function crash(): never {
  process.stderr.write('panic: crashed on purpose\n');
  process.exit(7);
}

function numberIn(request: EndpointRequest): number {
  const text = request.pathSegments[1] ?? '';
  if (!/^\d{1,9}$/.test(text)) throw new EndpointError(400, `/${request.pathSegments[0]} needs a number.`);
  return Number(text);
}
