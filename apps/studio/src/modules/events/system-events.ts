import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Where committed changes are told inside Postgres; the payload is a {@link SystemNotice} as JSON. */
export const SYSTEM_EVENTS_CHANNEL = 'sluice_system_events';

/** What changed: who it is and what it is called, nothing else of it. */
export interface ChangedThing {
  noun: 'app' | 'plugin' | 'user' | 'group';
  verb: 'created' | 'updated' | 'deleted';
  id: number;
  name: string;
  organizationId: number;
  /** Whose gateways know the thing, and hear of it; `''` are all of them. None for what gateways do not have. */
  namespaces?: readonly string[];
}

/** One event on its way from the transaction to every host. */
export interface SystemNotice {
  /** The same in every process that tells of it, so that nobody hears it twice. */
  id: string;
  /** `system.app.created`. */
  topic: string;
  payload: { id: number; name: string; organization_id: number };
  /** To which gateways it goes down. */
  namespaces: readonly string[];
}

/** The platform's own events. */
@Injectable()
export class SystemEvents {
  /**
   * Tells plugins of a change. Postgres delivers it to every studio when, and only when, the transaction commits. Hosts that are not there
   * at that moment never hear of it.
   */
  async announce(tx: EntityManager, { noun, verb, id, name, organizationId, namespaces = [] }: ChangedThing): Promise<void> {
    const notice: SystemNotice = { id: randomUUID(), topic: `system.${noun}.${verb}`, payload: { id, name, organization_id: organizationId }, namespaces };
    await tx.query(`SELECT pg_notify('${SYSTEM_EVENTS_CHANNEL}', $1)`, [JSON.stringify(notice)]);
  }
}
