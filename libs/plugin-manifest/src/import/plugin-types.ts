import type { Hook } from '../hooks';
import { closest } from '../read/closest';
import { quoteList } from '../read/object-reader';
import type { TextRule } from '../rules/rule';

interface PluginType {
  hook: Hook;
  /** What the plugin lists, for a type that is a kind of resource. */
  resource?: { slug: string; name: string };
}

/**
 * What each `type` of the typed form is here.
 *
 * | type | hook | because |
 * |---|---|---|
 * | `channel` | `custom_endpoint` | messages come in from outside over HTTP |
 * | `mcp-connector` | `resource_provider`, with the resource type `mcp_servers` | apps choose an MCP server as they choose other resources |
 * | `retriever` | `resource_provider`, with the resource type `retrievers` | likewise for what answers searches |
 * | `playbook` | `agent` | it leads a conversation |
 * | `workflow` | `object_hooks` | it steps in when something is written, as approvals do |
 * | `analytics` | `data_collection` | it receives what was measured |
 */
const PLUGIN_TYPES: ReadonlyMap<string, PluginType> = new Map<string, PluginType>([
  ['channel', { hook: 'custom_endpoint' }],
  ['mcp-connector', { hook: 'resource_provider', resource: { slug: 'mcp_servers', name: 'MCP Servers' } }],
  ['retriever', { hook: 'resource_provider', resource: { slug: 'retrievers', name: 'Retrievers' } }],
  ['playbook', { hook: 'agent' }],
  ['workflow', { hook: 'object_hooks' }],
  ['analytics', { hook: 'data_collection' }],
]);

const NAMES = [...PLUGIN_TYPES.keys()];

export const TYPE_ADVICE = `Name at least one type: ${quoteList(NAMES)}.`;

export const pluginType: TextRule = (text) => {
  if (PLUGIN_TYPES.has(text)) return undefined;
  const near = closest(text, NAMES);
  return near === undefined ? `Write one of ${quoteList(NAMES)} here.` : `Write one of ${quoteList(NAMES)} here; perhaps \`${near}\` is meant.`;
};

/** Each hook once, in the order of the types. */
export function hooksOf(types: readonly string[]): Hook[] {
  return [...new Set(types.flatMap((type) => PLUGIN_TYPES.get(type)?.hook ?? []))];
}

export function resourceTypesOf(types: readonly string[]): { slug: string; name: string }[] {
  return [...new Set(types)].flatMap((type) => PLUGIN_TYPES.get(type)?.resource ?? []);
}
