import { isDeepStrictEqual } from 'node:util';
import type { PluginDefinition } from '../host/plugin-host';

/** Whether two definitions describe the same generation: every part has the same structure and values; the order of keys means nothing. */
export function sameDefinition(one: PluginDefinition, other: PluginDefinition): boolean {
  return one === other || isDeepStrictEqual(one, other);
}
