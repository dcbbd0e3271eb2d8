import { Injectable } from '@nestjs/common';
import { sealGatewayKeys, type NamespaceKey } from '@sluice/config-snapshot';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { NamespaceKeys } from '../namespace-keys';
import { EdgeKeys } from '../snapshots';
import { GatewayEntity } from './gateway.entity';

/** Seals the keys of a namespace to its gateways. What was sealed is kept: sealing it again would be another record. */
@Injectable()
export class GatewayKeySealing {
  constructor(
    private readonly namespaceKeys: NamespaceKeys,
    private readonly edgeKeys: EdgeKeys,
  ) {}

  /** @throws snapshotErrors.badKey for a sealing key that nothing can be sealed to. */
  async sealToOne(tx: EntityManager, gateway: Pick<GatewayEntity, 'id' | 'namespace'>, sealingKey: Buffer): Promise<void> {
    await this.seal(tx, gateway, sealingKey, await this.namespaceKeys.current(tx, gateway.namespace));
  }

  /** Replaces the namespace's key, and seals the new one to every gateway that is left. @returns the ids of these gateways. */
  async rotate(tx: EntityManager, namespace: string): Promise<number[]> {
    const key = await this.namespaceKeys.rotate(tx, namespace);
    const gateways = await tx.find(GatewayEntity, { select: { id: true, namespace: true, sealingKey: true }, where: { namespace, removedAt: IsNull(), sealingKey: Not(IsNull()) }, order: { id: 'ASC' } });
    for (const gateway of gateways) await this.seal(tx, gateway, gateway.sealingKey!, key);
    return gateways.map(({ id }) => id);
  }

  private async seal(tx: EntityManager, { id, namespace }: Pick<GatewayEntity, 'id' | 'namespace'>, sealingKey: Buffer, { version, key }: NamespaceKey): Promise<void> {
    const { tokenHashKey, eventKey } = this.edgeKeys;
    const sealedKeys = sealGatewayKeys({ namespaceKey: key, tokenHashKey, eventKey }, sealingKey, { gatewayId: id, namespace, keyVersion: version });
    await tx.update(GatewayEntity, { id }, { sealingKey, sealedKeys, keyVersion: version });
  }
}
