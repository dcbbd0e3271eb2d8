import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** How far the studio has what one plugin queued on one gateway: what is not beyond it has been here before. */
@Entity('edge_payload_cursors')
export class EdgePayloadCursorEntity {
  @PrimaryColumn('integer')
  @ForeignKey('gateways', { onDelete: 'CASCADE' })
  gatewayId!: number;

  @PrimaryColumn('text')
  outboxId!: string;

  @PrimaryColumn('integer')
  @ForeignKey('plugins', { onDelete: 'CASCADE' })
  pluginId!: number;

  @Column('bigint', { default: 0 })
  lastSequence!: string;
}
