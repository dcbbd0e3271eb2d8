import { randomUUID } from 'node:crypto';
import { QueuedPayload } from '@sluice/contracts/edge';
import type { Clock } from '@sluice/kernel';
import { allOf, readRowKey, rowKey, sequenceBytes, startingWith } from './database-keys';
import { checkPayload, type NewPayload } from './new-payload';
import type { PluginDatabase } from './plugin-database';

/** Payloads of one plugin that the studio does not have yet. */
interface Lane {
  pending: number;
  bytes: number;
  lastSequence: bigint;
}

const META_ID = rowKey('meta', 0, Buffer.from('outbox'));
/** What one batch carries of one plugin at most; the first payload is always in it. */
const LANE_BATCH_BYTES = 1_048_576;
const LANE_BATCH_PAYLOADS = 256;
const BATCH_BYTES = 4 * 1_048_576;

/**
 * What plugins queued for their halves in the studio, on this gateway's disk, in the order of each plugin. A payload leaves it when the
 * studio has it on its own disk.
 */
export class PayloadOutbox {
  private readonly lanes = new Map<number, Lane>();
  private firstLane = 0;
  private onQueued: () => void = () => undefined;

  private constructor(
    private readonly database: PluginDatabase,
    private readonly clock: Clock,
    /** Of one plugin. */
    private readonly quotaBytes: number,
    /** Tells this outbox from one that the same gateway had before its disk was emptied: both count from 1. */
    readonly id: string,
  ) {}

  static async open(database: PluginDatabase, clock: Clock, quotaBytes: number): Promise<PayloadOutbox> {
    // In a new outbox nothing is taken for what the studio has had, though numbers may come again of which this disk lost the count.
    let id = database.wasDamaged ? undefined : (await database.get(META_ID))?.toString();
    if (id === undefined) await database.commit([{ type: 'put', key: META_ID, value: Buffer.from((id = randomUUID())) }]);
    const outbox = new PayloadOutbox(database, clock, quotaBytes, id);
    for await (const [row, value] of database.rows(allOf('lastSequence'))) outbox.lane(readRowKey(row).pluginId).lastSequence = value.readBigUInt64BE();
    for await (const [row, value] of database.rows(allOf('payload'))) {
      const lane = outbox.lane(readRowKey(row).pluginId);
      lane.pending += 1;
      lane.bytes += value.length;
    }
    return outbox;
  }

  /** Called whenever there is something new to send. */
  listen(onQueued: () => void): void {
    this.onQueued = onQueued;
  }

  /**
   * Resolves when the payload is on the disk, with how many of this plugin the studio does not have yet.
   * @throws gatewayErrors.payloadRefused
   */
  async queue(pluginId: number, payload: NewPayload): Promise<number> {
    const lane = this.lane(pluginId);
    checkPayload(payload);
    const sequence = lane.lastSequence + 1n;
    const row = Buffer.from(QueuedPayload.encode({ ...payload, pluginId, sequence, queuedAtMs: BigInt(this.clock.now()) }).finish());
    checkPayload(payload, { usedBytes: lane.bytes, rowBytes: row.length, quotaBytes: this.quotaBytes });
    lane.lastSequence = sequence;
    lane.bytes += row.length;
    try {
      await this.database.commit([
        { type: 'put', key: rowKey('payload', pluginId, sequenceBytes(sequence)), value: row },
        { type: 'put', key: rowKey('lastSequence', pluginId), value: sequenceBytes(sequence) },
      ]);
    } catch (error) {
      lane.bytes -= row.length;
      throw error;
    }
    lane.pending += 1;
    this.onQueued();
    return lane.pending;
  }

  /** The oldest of each plugin, as many as one message should carry. Plugins take turns at being first. */
  async next(): Promise<QueuedPayload[]> {
    const waiting = [...this.lanes].filter(([, { pending }]) => pending > 0).map(([pluginId]) => pluginId);
    const start = waiting.length === 0 ? 0 : this.firstLane++ % waiting.length;
    const batch: QueuedPayload[] = [];
    let bytes = 0;
    for (const pluginId of [...waiting.slice(start), ...waiting.slice(0, start)]) {
      if (bytes >= BATCH_BYTES) break;
      let laneBytes = 0;
      for await (const [, row] of this.database.rows({ ...startingWith(rowKey('payload', pluginId)), limit: LANE_BATCH_PAYLOADS })) {
        if (laneBytes > 0 && laneBytes + row.length > LANE_BATCH_BYTES) break;
        laneBytes += row.length;
        batch.push(QueuedPayload.decode(row));
      }
      bytes += laneBytes;
    }
    return batch;
  }

  /** Takes out what the studio has. */
  async settle(payloads: readonly QueuedPayload[]): Promise<void> {
    await this.database.commit(payloads.map(({ pluginId, sequence }) => ({ type: 'del', key: rowKey('payload', pluginId, sequenceBytes(sequence)) })));
    for (const payload of payloads) {
      const lane = this.lane(payload.pluginId);
      // After a write that failed there may be more on the disk than was counted.
      lane.pending = Math.max(0, lane.pending - 1);
      lane.bytes = Math.max(0, lane.bytes - QueuedPayload.encode(payload).finish().length);
    }
  }

  /** Of this plugin, or of all. */
  pending(pluginId?: number): number {
    if (pluginId !== undefined) return this.lanes.get(pluginId)?.pending ?? 0;
    return [...this.lanes.values()].reduce((sum, { pending }) => sum + pending, 0);
  }

  private lane(pluginId: number): Lane {
    let lane = this.lanes.get(pluginId);
    if (!lane) this.lanes.set(pluginId, (lane = { pending: 0, bytes: 0, lastSequence: 0n }));
    return lane;
  }
}
