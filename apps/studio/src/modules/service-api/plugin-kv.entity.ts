import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** One value that a plugin keeps in the studio. */
@Entity('plugin_kv')
export class PluginKvEntity {
  @PrimaryColumn('integer')
  @ForeignKey('plugins', { onDelete: 'CASCADE' })
  pluginId!: number;

  @PrimaryColumn('text')
  key!: string;

  @Column('bytea')
  value!: Buffer;

  /** null: never. */
  @Index()
  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
