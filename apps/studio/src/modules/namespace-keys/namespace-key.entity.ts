import type { JsonObject } from '@sluice/config-snapshot';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A key that secrets of one namespace are sealed with on their way to its gateways. The highest version is the one in use. */
@Entity('namespace_keys')
export class NamespaceKeyEntity {
  @PrimaryColumn({ type: 'text' })
  namespace!: string;

  @PrimaryColumn({ type: 'integer' })
  version!: number;

  /** `{"key": …}`, sealed with the studio's secret key. */
  @Column({ type: 'jsonb' })
  sealed!: JsonObject;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
