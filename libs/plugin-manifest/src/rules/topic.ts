import type { TextRule } from './rule';

/** A topic of the event bus, or all that begin alike: `echo.requested`, `echo.*`, `*`. */
export const topicPattern: TextRule = (text) => {
  if (text.slice(0, -1).includes('*')) return 'Write `*` only at the end of a topic, such as echo.*.';
  if (/^[A-Za-z0-9_.:/-]*\*?$/.test(text) && text !== '') return undefined;
  return 'Write a topic of letters, digits and . _ - : /, such as echo.requested or echo.*.';
};

/** The one topic under `system.` that plugins may publish. */
const OPEN_SYSTEM_TOPIC = 'system.plugin_resource.instance_changed';

/** Whether publishing this needs to be the platform. */
export function belongsToPlatform(topic: string): boolean {
  return topic.startsWith('system.') && topic !== OPEN_SYSTEM_TOPIC;
}
