import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { openConfig, sealConfig, type NamespaceKey } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import { StudioConfig } from '../../config';
import { NamespaceKeyEntity } from './namespace-key.entity';

const KEY_BYTES = 32;

/** The keys of namespaces. They are stored encrypted with the studio's secret key, each bound to its namespace and version. */
@Injectable()
export class NamespaceKeys {
  constructor(private readonly studio: StudioConfig) {}

  /** The key in use; a namespace that has none is given its first one. */
  async current(tx: EntityManager, namespace: string): Promise<NamespaceKey> {
    const found = await this.newest(tx, namespace);
    if (found) return found;
    await this.add(tx, namespace, 1);
    // Of two that made the first one, one did.
    return (await this.newest(tx, namespace))!;
  }

  /** Replaces the key in use. The caller has everything sealed anew in the same transaction. */
  async rotate(tx: EntityManager, namespace: string): Promise<NamespaceKey> {
    const { version } = await this.current(tx, namespace);
    await this.add(tx, namespace, version + 1);
    return (await this.newest(tx, namespace))!;
  }

  private async newest(tx: EntityManager, namespace: string): Promise<NamespaceKey | undefined> {
    const row = await tx.findOne(NamespaceKeyEntity, { where: { namespace }, order: { version: 'DESC' } });
    if (!row) return undefined;
    const { key } = openConfig(row.sealed, this.studio.secretKey, placeOf(namespace, row.version));
    return { version: row.version, key: Buffer.from(String(key), 'base64') };
  }

  private async add(tx: EntityManager, namespace: string, version: number): Promise<void> {
    const key = randomBytes(KEY_BYTES).toString('base64');
    const sealed = sealConfig({ key }, ['/key'], this.studio.secretKey, placeOf(namespace, version));
    await tx.query('INSERT INTO namespace_keys (namespace, version, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [namespace, version, sealed]);
  }
}

function placeOf(namespace: string, version: number): string {
  return `key ${version} of namespace ${namespace}`;
}
