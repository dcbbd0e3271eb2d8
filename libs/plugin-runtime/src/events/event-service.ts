import { randomUUID } from 'node:crypto';
import { Metadata, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import {
  type EventMessage,
  PluginEventServiceService,
  type PublishRequest,
  type PublishResponse,
  type SubscribeRequest,
  type UnsubscribeRequest,
  type UnsubscribeResponse,
} from '@sluice/contracts/plugin-events';
import type { PluginManifest } from '@sluice/plugin-manifest';
import type { Logger } from 'pino';
import type { BrokerIdentity } from '../broker/broker-identity';
import type { BrokerService } from '../broker/broker-server';
import { toServiceError } from '../broker/guard-handler';
import { pluginErrors } from '../plugin-errors';
import { eventFault } from './check-event';
import type { EventBus } from './event-bus';
import { DroppedEvents } from './dropped-events';
import { EventSubscription } from './event-subscription';
import { covers, isPattern, isTopic, mayPublish, maySubscribe, topicRules } from './topics';

/** Of one plugin process, over all its connections: each may keep 16 MB of events waiting. */
export const MAX_SUBSCRIPTIONS = 64;

export interface EventServiceOptions {
  identity: BrokerIdentity;
  events: EventBus;
  logger: Logger;
}

/**
 * `plugin_events.PluginEventService` for one plugin process.
 *
 * The messages have no field for the id of a subscription, which `Unsubscribe` asks for. So a stream's initial metadata carries it as
 * `subscription-id`, and for a plugin that does not look there its topic (`*` for `subscribe_all`) ends all its subscriptions of that
 * topic. Closing the stream ends a subscription as well.
 *
 * `subscribe_all` gives everything that the manifest lets the plugin see. A plugin hears its own events too.
 */
export function eventService({ identity, events, logger }: EventServiceOptions): BrokerService {
  const subscriptions = new Set<EventSubscription>();
  const dropped = new DroppedEvents(identity.caller, logger);
  const { publish, subscribe } = PluginEventServiceService;

  const onPublish = async ({ topic, payload, direction }: PublishRequest): Promise<PublishResponse> => {
    if (!isTopic(topic)) throw new pluginErrors.badTopic({ topic }, { detail: `"${topic}" is not an event topic; write words with dots between them.` });
    if (!mayPublish(topicRules(await identity.manifest()), topic)) refuseTopic(identity, 'publish', topic);
    const refusal = eventFault({ topic, payload, direction }) ?? events.obstacle(direction);
    if (refusal !== undefined) return { success: false, errorMessage: refusal, eventId: '' };
    const eventId = randomUUID();
    events.publish({ id: eventId, topic, payload, direction, origin: `plugin:${identity.caller.pluginId}`, namespaces: [identity.namespace] });
    return { success: true, errorMessage: '', eventId };
  };

  const onSubscribe = async (call: ServerWritableStream<SubscribeRequest, EventMessage>): Promise<void> => {
    const topic = call.request.subscribeAll ? '*' : call.request.topic;
    const wants = decide(identity, await identity.manifest(), call.request);
    if (call.cancelled) return;
    if (subscriptions.size >= MAX_SUBSCRIPTIONS) {
      const { pluginId, pluginName } = identity.caller;
      throw new pluginErrors.tooManySubscriptions({ pluginId }, { detail: `Plugin "${pluginName}" has ${MAX_SUBSCRIPTIONS} event subscriptions open. End some of them, or subscribe to several topics at once with a * at the end.` });
    }
    const id = randomUUID();
    const subscription = new EventSubscription(id, topic, call, events, (event) => wants(event.topic), (count) => dropped.add(topic, count));
    subscriptions.add(subscription);
    const metadata = new Metadata();
    metadata.set('subscription-id', id);
    call.sendMetadata(metadata);
    const forget = () => {
      subscriptions.delete(subscription);
      subscription.end();
    };
    call.once('cancelled', forget);
    call.once('close', forget);
  };

  const onUnsubscribe = ({ subscriptionId }: UnsubscribeRequest): UnsubscribeResponse => {
    const ending = [...subscriptions].filter(({ id, topic }) => id === subscriptionId || topic === subscriptionId);
    for (const subscription of ending) {
      subscriptions.delete(subscription);
      subscription.end();
    }
    return ending.length > 0 ? { success: true, errorMessage: '' } : { success: false, errorMessage: `There is no subscription "${subscriptionId}".` };
  };

  return {
    definition: PluginEventServiceService,
    implementation: {
      publish: (call: ServerUnaryCall<PublishRequest, PublishResponse>, callback: sendUnaryData<PublishResponse>) => {
        onPublish(call.request).then(
          (response) => callback(null, response),
          (error: unknown) => callback(toServiceError(error, publish.path, logger)),
        );
      },
      subscribe: (call: ServerWritableStream<SubscribeRequest, EventMessage>) => {
        onSubscribe(call).catch((error: unknown) => call.emit('error', toServiceError(error, subscribe.path, logger)));
      },
      unsubscribe: (call: ServerUnaryCall<UnsubscribeRequest, UnsubscribeResponse>, callback: sendUnaryData<UnsubscribeResponse>) => {
        callback(null, onUnsubscribe(call.request));
      },
    },
  };
}

/** Which topics this subscription gets. Throws when the plugin may not have them. */
function decide(identity: BrokerIdentity, manifest: PluginManifest | undefined, { topic, subscribeAll }: SubscribeRequest): (topic: string) => boolean {
  const rules = topicRules(manifest);
  if (subscribeAll) return (published) => maySubscribe(rules, published);
  if (!isPattern(topic)) throw new pluginErrors.badTopic({ topic }, { detail: `"${topic}" is not an event topic; write words with dots between them, and * at the end at most.` });
  if (!maySubscribe(rules, topic)) refuseTopic(identity, 'subscribe', topic);
  return (published) => covers(topic, published);
}

function refuseTopic({ caller }: BrokerIdentity, verb: 'publish' | 'subscribe', topic: string): never {
  const action = verb === 'publish' ? 'publish' : 'subscribe to';
  const remedy = topic.startsWith('system.') && verb === 'publish' ? 'The platform alone publishes system topics.' : `List it under permissions.events.${verb} in the manifest.`;
  throw new pluginErrors.topicForbidden({ pluginId: caller.pluginId, topic }, { detail: `Plugin "${caller.pluginName}" may not ${action} ${topic}. ${remedy}` });
}
