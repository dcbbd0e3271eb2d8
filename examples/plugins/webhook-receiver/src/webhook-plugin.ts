import {
  BasePlugin,
  type Context,
  type CustomEndpointHandler,
  type EdgePayload,
  type EdgePayloadReceiver,
  EndpointError,
  type EndpointRequest,
  json,
  type PluginConfig,
} from '@sluice/plugin-sdk';
import { type Delivery, deliveryId } from './delivery';
import { checkSignature, type SignatureRules } from './signature';

const EVENT = /^[A-Za-z0-9_-]{1,64}$/;
/** A webhook without a time of sending is taken for a repetition for this long. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

const deliveryKey = (id: string) => `delivery/${id}`;

/** On gateways it takes webhooks; in the studio it gets them, each once, and tells other plugins. */
export class WebhookPlugin extends BasePlugin implements CustomEndpointHandler, EdgePayloadReceiver {
  private rules: SignatureRules = { secrets: [], requireTimestamp: true, toleranceSeconds: 300 };

  constructor(private readonly now: () => number = Date.now) {
    super({ id: 'com.example.webhook-receiver', name: 'Webhook receiver', version: '1.0.0' });
  }

  initialize(_ctx: Context, config: PluginConfig) {
    this.rules = {
      secrets: [config.string('webhook_secret'), config.string('previous_secret', '')].filter((secret) => secret !== ''),
      requireTimestamp: config.boolean('require_timestamp', false),
      toleranceSeconds: config.number('tolerance_seconds', 300),
    };
  }

  endpoints() {
    return [{ path: '/*', methods: ['POST'], description: 'Signed webhooks, by event' }];
  }

  async handleEndpoint(ctx: Context, { headers, body, pathSegments }: EndpointRequest) {
    const signature = headers['X-Webhook-Signature'];
    const verdict = checkSignature({ body, signature, timestamp: headers['X-Webhook-Timestamp'] }, this.rules, this.now());
    if (!verdict.ok) throw new EndpointError(401, verdict.reason);
    const [event = ''] = pathSegments;
    if (!EVENT.test(event)) throw new EndpointError(400, 'The path must name the event: /payment.');
    const delivery = { id: deliveryId(signature ?? ''), event, contentType: headers['Content-Type'] ?? '', body };
    if (await ctx.services.kv.get(deliveryKey(delivery.id))) return json({ status: 'repeated' });
    await queue(ctx, delivery);
    await ctx.services.kv.set(deliveryKey(delivery.id), event, { ttlMs: verdict.replayableForMs ?? REMEMBERED_MS });
    return json({ status: 'queued', id: delivery.id }, { status: 202 });
  }

  /**
   * In the studio. Two gateways may have taken the same webhook, and a payload may come twice: the first that writes its id tells it on.
   */
  async acceptEdgePayload(ctx: Context, { payload, correlationId, metadata, edgeId }: EdgePayload) {
    const { event, content_type: contentType } = metadata;
    if (event === undefined) return false;
    const { swapped } = await ctx.services.kv.compareAndSet(deliveryKey(correlationId), undefined, event, { ttlMs: REMEMBERED_MS });
    if (!swapped) return true;
    ctx.services.logger.info('A webhook arrived.', { event, id: correlationId, content_type: contentType, gateway: edgeId, bytes: payload.length });
    await ctx.services.events.publish(`webhook.${event}`, payload);
    return true;
  }
}

/** Queued before it is remembered: what fails between the two is sent again by its sender, and not lost. */
async function queue(ctx: Context, { id, event, contentType, body }: Delivery): Promise<void> {
  try {
    await ctx.services.control.send(body, { correlationId: id, metadata: { event, content_type: contentType } });
  } catch (error) {
    ctx.services.logger.error('A webhook could not be queued.', { event, id, error });
    throw new EndpointError(503, 'The webhook could not be queued; send it again later.', { 'Retry-After': '10' });
  }
}
