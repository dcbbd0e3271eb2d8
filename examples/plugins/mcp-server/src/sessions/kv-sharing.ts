import { randomBytes, randomUUID } from 'node:crypto';
import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import type { KeyValueStore } from '@sluice/plugin-sdk';
import { MemoryEventStore } from './memory-event-store';
import type { SessionRecord, Sharing } from './sharing';

const SECRET_KEY = 'request-state-key';
const sessionKey = (sessionId: string) => `session/${sessionId}`;

/**
 * Without Redis: sessions are kept in the plugin's own storage on this gateway, so that they outlive a reload of the plugin. Other gateways do not know
 * them.
 */
export class KvSharing implements Sharing {
  readonly self = randomUUID();
  readonly changes = new InMemoryServerEventBus();
  /** When each session was last written, because every write goes to the disk. */
  private readonly written = new Map<string, number>();

  constructor(
    private readonly kv: KeyValueStore,
    private readonly idleMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Two generations of a reload that make one at the same moment only cost the calls that are between two rounds. */
  async secret(): Promise<Uint8Array> {
    const kept = await this.kv.get(SECRET_KEY);
    if (kept) return kept;
    const made = randomBytes(32);
    await this.kv.set(SECRET_KEY, made);
    return made;
  }

  async find(sessionId: string): Promise<SessionRecord | undefined> {
    const record = await this.kv.getJson<SessionRecord>(sessionKey(sessionId));
    if (!record) this.written.delete(sessionId);
    else if (this.now() - (this.written.get(sessionId) ?? 0) > this.idleMs / 4) await this.save(sessionId, record);
    return record;
  }

  async save(sessionId: string, record: SessionRecord): Promise<void> {
    this.written.set(sessionId, this.now());
    await this.kv.setJson(sessionKey(sessionId), record, { ttlMs: this.idleMs });
  }

  async remove(sessionId: string): Promise<void> {
    this.written.delete(sessionId);
    await this.kv.delete(sessionKey(sessionId));
  }

  /** The process before this one is ending: nobody else is there to be faster. */
  async claim(sessionId: string, record: SessionRecord): Promise<boolean> {
    await this.save(sessionId, { ...record, owner: this.self });
    return true;
  }

  events(): MemoryEventStore {
    return new MemoryEventStore();
  }

  async forward(): Promise<undefined> {
    return undefined;
  }

  serve(): void {
    // Nobody forwards here.
  }

  async leave(): Promise<void> {
    // Nobody is there to find out.
  }

  async close(): Promise<void> {
    this.written.clear();
  }
}
