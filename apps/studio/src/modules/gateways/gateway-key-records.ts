import { Injectable } from '@nestjs/common';
import { keyIdOf } from '@sluice/config-snapshot';
import { Any, IsNull, MoreThan, Not, type EntityManager, type FindOperator } from 'typeorm';
import { RecordSources, rowPages, type RecordSource, type SourcedRecord } from '../snapshots';
import { GatewayEntity } from './gateway.entity';

/** The keys that are sealed to the gateways of a namespace. */
@Injectable()
export class GatewayKeyRecords implements RecordSource {
  readonly kind = 'gateway_key';

  constructor(sources: RecordSources) {
    sources.add(this);
  }

  async some(tx: EntityManager, namespace: string, ids: readonly number[]): Promise<SourcedRecord[]> {
    return (await this.gateways(tx, namespace, Any(ids))).map(toRecord);
  }

  async *all(tx: EntityManager, namespace: string): AsyncIterable<SourcedRecord[]> {
    for await (const gateways of rowPages((after, limit) => this.gateways(tx, namespace, MoreThan(after), limit))) yield gateways.map(toRecord);
  }

  private gateways(tx: EntityManager, namespace: string, id: FindOperator<number>, take?: number): Promise<GatewayEntity[]> {
    const select = { id: true, sealingKey: true, keyVersion: true, sealedKeys: true } as const;
    return tx.find(GatewayEntity, { select, where: { id, namespace, removedAt: IsNull(), sealedKeys: Not(IsNull()) }, order: { id: 'ASC' }, take });
  }
}

function toRecord({ id, sealingKey, keyVersion, sealedKeys }: GatewayEntity): SourcedRecord {
  return { record: { kind: 'gateway_key', id: String(id), data: { id, key_id: keyIdOf(sealingKey!), key_version: keyVersion!, sealed: sealedKeys! } } };
}
