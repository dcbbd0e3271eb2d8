import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { assertNever } from '@sluice/kernel';
import type { PluginGeneration } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import { ChangeFeed } from '../../database/change-feed';
import { LOGGER } from '../../process.module';
import { EDGE_PAYLOADS_CHANNEL, EdgePayloadQueue, type TakenPayload } from '../edge-payloads';
import { DeliveryLanes } from './delivery-lanes';
import { handOverPayload, type HandOver } from './hand-over-payload';
import { StudioPluginHost } from './studio-plugin-host';

const LOOK_AGAIN_MS = 2_000;
const BATCH = 32;
/** A payload that was refused this often is dead. Until then it holds up those behind it, for about two minutes. */
export const MAX_REFUSALS = 8;
const RETRY = { firstMs: 1_000, mostMs: 60_000 };

/**
 * Brings payloads of gateways to the plugins that this studio runs: each plugin's one after the other and in their order, at least once. What is
 * about to be delivered is counted first, so that after a crash it is known what may have been delivered before.
 */
@Injectable()
export class EdgePayloadDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running = new Map<number, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private closed = false;
  private readonly outcomes = metrics.getMeter('studio').createCounter('sluice_edge_payloads_total', { description: 'Payloads of gateways that were handed to plugins, by what became of them.' });

  constructor(
    private readonly queue: EdgePayloadQueue,
    private readonly lanes: DeliveryLanes,
    private readonly host: StudioPluginHost,
    changes: ChangeFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    changes.subscribe(EDGE_PAYLOADS_CHANNEL, () => this.look());
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_AGAIN_MS);
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.looking;
    await Promise.all(this.running.values());
  }

  /** What one look misses the next one finds. */
  private look(): void {
    if (this.closed) return;
    this.looking ??= this.startLanes().finally(() => (this.looking = undefined));
  }

  private async startLanes(): Promise<void> {
    try {
      for (const pluginId of await this.queue.waiting()) {
        if (this.closed || this.running.has(pluginId)) continue;
        if (!this.host.serving(pluginId)) {
          // Once it serves, the next look finds it.
          void this.host.demand(pluginId);
          continue;
        }
        this.running.set(pluginId, this.work(pluginId).finally(() => this.running.delete(pluginId)));
      }
    } catch (error) {
      this.logger.warn({ event: 'edge_payloads.look_failed', err: error });
    }
  }

  private async work(pluginId: number): Promise<void> {
    try {
      if (!(await this.lanes.claim(pluginId))) return;
      while (!this.closed && this.lanes.holds(pluginId)) {
        const generation = this.host.serving(pluginId);
        const batch = generation ? await this.queue.take(pluginId, BATCH) : [];
        if (!generation || batch.length === 0 || !(await this.deliver(generation, batch))) return;
      }
    } catch (error) {
      this.logger.warn({ event: 'edge_payloads.delivery_failed', plugin_id: pluginId, err: error });
    } finally {
      await this.lanes.release(pluginId);
    }
  }

  /** @returns whether to go on with what comes after. */
  private async deliver(generation: PluginGeneration, batch: readonly TakenPayload[]): Promise<boolean> {
    const taken: number[] = [];
    let handed = 0;
    let result: HandOver = { kind: 'taken' };
    while (result.kind === 'taken' && handed < batch.length && !this.closed && this.lanes.holds(generation.pluginId)) {
      result = await handOverPayload(generation, batch[handed]!);
      this.outcomes.add(1, { outcome: result.kind });
      if (result.kind === 'taken') taken.push(batch[handed]!.id);
      if (result.kind !== 'unsent') handed += 1;
    }
    await this.queue.remove(taken);
    await this.queue.putBack(batch.slice(handed).map(({ id }) => id));
    switch (result.kind) {
      case 'taken':
        return true;
      case 'unsent':
        return false;
      case 'unwanted':
        await this.bury(batch[handed - 1]!, result.reason);
        return true;
      case 'refused':
        // A plugin that this studio ends in the middle of a call has refused nothing.
        return !this.closed && (await this.refuse(batch[handed - 1]!, result.reason));
      default:
        return assertNever(result);
    }
  }

  /** @returns whether it is out of the way. */
  private async refuse(payload: TakenPayload, reason: string): Promise<boolean> {
    const refusals = payload.refusals + 1;
    if (refusals >= MAX_REFUSALS) {
      await this.bury(payload, reason);
      return true;
    }
    await this.queue.refuse(payload.id, reason, Math.min(RETRY.mostMs, RETRY.firstMs * 2 ** (refusals - 1)));
    return false;
  }

  private async bury(payload: TakenPayload, reason: string): Promise<void> {
    await this.queue.refuse(payload.id, reason, null);
    this.logger.warn({ event: 'edge_payloads.dead', payload_id: payload.id, gateway_id: payload.gatewayId, reason }, 'a plugin does not take a payload; it is kept as dead');
  }
}
