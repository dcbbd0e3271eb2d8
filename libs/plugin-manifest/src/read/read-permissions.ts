import type { ManifestPermissions } from '../manifest';
import { objectHook } from '../rules/identifiers';
import type { TextRule } from '../rules/rule';
import { belongsToPlatform, topicPattern } from '../rules/topic';
import { EMAIL_SCOPE, SCOPES } from '../scopes';
import { closest } from './closest';
import type { ObjectReader } from './object-reader';

const API_SCOPES: Readonly<Record<string, string>> = { email: EMAIL_SCOPE };

const scope: TextRule = (text) => {
  if (SCOPES.includes(text)) return undefined;
  const near = closest(text, SCOPES);
  return near === undefined
    ? 'Write a scope of the Service API here, such as apps.read or kv.readwrite.'
    : `Write a scope of the Service API here; perhaps \`${near}\` is meant.`;
};

const apiName: TextRule = (text) => (Object.hasOwn(API_SCOPES, text) ? undefined : 'Write "email" here, or move the entry to `services` as a scope.');

/** `api` is an older way to ask for scopes, and ends up among `services`. */
export function readPermissions(manifest: ObjectReader, pluginId: string): ManifestPermissions {
  const reader = manifest.object('permissions');
  const services = reader.texts('services', scope);
  const fromApi = reader.texts('api', apiName).flatMap((name) => API_SCOPES[name] ?? []);
  const permissions: ManifestPermissions = {
    services: [...new Set([...services, ...fromApi])],
    kv: reader.texts('kv'),
    rpc: reader.texts('rpc'),
    routes: reader.texts('routes'),
    ui: reader.texts('ui'),
    portal_ui: reader.texts('portal_ui'),
    object_hooks: reader.texts('object_hooks', objectHook),
    events: readEvents(reader, pluginId),
  };
  return { ...reader.unknown(), ...permissions };
}

function readEvents(permissions: ObjectReader, pluginId: string): ManifestPermissions['events'] {
  const reader = permissions.object('events');
  const ownTopics = [`${pluginId}.*`];
  const publish = reader.has('publish') ? reader.texts('publish', topicPattern) : ownTopics;
  const subscribe = reader.has('subscribe') ? reader.texts('subscribe', topicPattern) : ownTopics;
  publish.forEach((topic, index) => {
    if (belongsToPlatform(topic)) reader.warn(`publish/${index}`, `Remove \`${topic}\`: only the platform publishes topics under \`system.\`.`);
  });
  return { ...reader.unknown(), publish, subscribe };
}
