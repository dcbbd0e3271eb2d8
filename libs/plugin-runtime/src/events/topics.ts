import type { PluginManifest } from '@sluice/plugin-manifest';

/** The platform's own topics; a plugin may publish one of them. */
const RESERVED = 'system.';
const OPEN_TO_PLUGINS = 'system.plugin_resource.instance_changed';

const TOPIC = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
const MAX_TOPIC_LENGTH = 255;

export function isTopic(topic: string): boolean {
  return topic.length <= MAX_TOPIC_LENGTH && TOPIC.test(topic);
}

/** A topic, or the beginning of topics and `*`. */
export function isPattern(pattern: string): boolean {
  if (!pattern.endsWith('*')) return isTopic(pattern);
  return pattern.length <= MAX_TOPIC_LENGTH && /^[A-Za-z0-9_.-]*$/.test(pattern.slice(0, -1));
}

/** Whether a pattern covers a topic, or everything that another pattern covers. */
export function covers(pattern: string, topicOrPattern: string): boolean {
  return pattern.endsWith('*') ? topicOrPattern.startsWith(pattern.slice(0, -1)) : pattern === topicOrPattern;
}

/** The topics of a plugin without a manifest: none, because there is no id that could own them. */
export interface TopicRules {
  publish: readonly string[];
  subscribe: readonly string[];
}

export function topicRules(manifest: PluginManifest | undefined): TopicRules {
  return manifest?.permissions.events ?? { publish: [], subscribe: [] };
}

export function mayPublish(rules: TopicRules, topic: string): boolean {
  if (topic === OPEN_TO_PLUGINS) return true;
  return !topic.startsWith(RESERVED) && rules.publish.some((pattern) => covers(pattern, topic));
}

export function maySubscribe(rules: TopicRules, pattern: string): boolean {
  return rules.subscribe.some((allowed) => covers(allowed, pattern));
}
