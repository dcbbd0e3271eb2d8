import type { TransportChoice } from '../connect/transport';
import type { LimitCaps } from '../limits/plugin-limits';

export interface UidRange {
  first: number;
  last: number;
}

/** `auto`: certificates where a plugin listens on TCP, none on a unix socket in its private folder. */
export type AutoMtls = 'auto' | 'on' | 'off';

/** What the operator of a host allows plugins, and how they are kept apart. */
export interface PluginHostPolicy {
  /** Where `file://` plugins may lie; empty: anywhere. */
  roots: readonly string[];
  caps: LimitCaps;
  /** User ids for plugins, one each; null: they run under the host's own. */
  uidRange: UidRange | null;
  autoMtls: AutoMtls;
  transport: TransportChoice;
  /** Where the certificates and keys that `grpc://` commands name have to lie; null: anywhere. */
  tlsDirectory: string | null;
}

export const DEFAULT_POLICY: PluginHostPolicy = { roots: [], caps: {}, uidRange: null, autoMtls: 'auto', transport: 'auto', tlsDirectory: null };
