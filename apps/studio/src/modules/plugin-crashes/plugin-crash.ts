import type { PluginCrashEntity } from './plugin-crash.entity';

/** A crash as its host tells of it. */
export type PluginCrash = Omit<PluginCrashEntity, 'id' | 'gatewayId' | 'createdAt'>;

/** Where it happened: in a studio, or on a gateway that may speak only of plugins of its namespace. */
export type CrashHost = { kind: 'studio' } | { kind: 'gateway'; id: number; namespace: string };
