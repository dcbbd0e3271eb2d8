import type { JsonValue } from '@sluice/config-snapshot';
import type { FailurePolicies, Hook } from '@sluice/plugin-manifest';
import type { Fault } from '@sluice/kernel';
import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

/** A configured, addressable instance of a plugin package. */
@Entity('plugins')
@Index('ux_plugins_namespace_slug', ['namespace', 'slug'], { unique: true, where: '"is_active" AND "slug" IS NOT NULL' })
export class PluginEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Index()
  @Column('integer')
  @ForeignKey('organizations')
  organizationId!: number;

  @Column('text')
  name!: string;

  @Column('text', { default: '' })
  description!: string;

  /** Where its process comes from: `file:///path`. */
  @Column('text')
  command!: string;

  /** `sha256:…` of what the command named when it was last asked; null: nothing is pinned. Hosts refuse to start anything else. */
  @Column('text', { nullable: true })
  digest!: string | null;

  /** Values of secret properties are encrypted, see plugin-secrets. */
  @Column('jsonb', { default: {} })
  config!: Record<string, JsonValue>;

  @Column('text', { array: true })
  hookTypes!: Hook[];

  /** Whether `hookTypes` were named, and not taken from the manifest. */
  @Column('boolean', { default: false })
  hookTypesCustomized!: boolean;

  /** What the operator wants to happen when one of its hooks fails; counts more than what the manifest says. */
  @Column('jsonb', { default: {} })
  failurePolicies!: FailurePolicies;

  /** Which gateways get it; `''` for all. */
  @Column('text', { default: '' })
  namespace!: string;

  @Column('boolean', { default: true })
  isActive!: boolean;

  /** `config.slug` of a plugin that serves endpoints, else null. */
  @Column('text', { nullable: true })
  slug!: string | null;

  /** What an administrator approved; effective is what the manifest declares as well. */
  @Column('text', { array: true, default: [] })
  approvedScopes!: string[];

  @Column('integer', { default: 0 })
  reloads!: number;

  /** The manifest as the plugin gave it; null for a plugin that has none. */
  @Column('jsonb', { nullable: true })
  manifest!: Record<string, JsonValue> | null;

  @Column('jsonb', { nullable: true })
  configSchema!: Record<string, JsonValue> | null;

  @Column('jsonb', { default: [] })
  manifestWarnings!: Fault[];

  @VersionColumn({ type: 'integer', default: 1 })
  version!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
