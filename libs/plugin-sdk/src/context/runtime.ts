/** Which host a plugin process runs in. */
export type Runtime = 'studio' | 'gateway';

/** Hosts say it in PLUGIN_RUNTIME; older ones only let it be guessed from what a gateway has and the studio has not. */
export function detectRuntime(env: Readonly<Record<string, string | undefined>>): Runtime {
  const said = env['PLUGIN_RUNTIME'];
  if (said === 'studio' || said === 'gateway') return said;
  return ['GATEWAY_MODE', 'EDGE_ID', 'EDGE_NAMESPACE', 'GATEWAY_NAME'].some((name) => Boolean(env[name])) ? 'gateway' : 'studio';
}
