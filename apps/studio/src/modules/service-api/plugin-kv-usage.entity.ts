import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** How much of its space a plugin has used. Whoever changes its values holds this row, so that the sum is always right. */
@Entity('plugin_kv_usage')
export class PluginKvUsageEntity {
  @PrimaryColumn('integer')
  @ForeignKey('plugins', { onDelete: 'CASCADE' })
  pluginId!: number;

  @Column('bigint', { default: 0 })
  bytes!: string;
}
