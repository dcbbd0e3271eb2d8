/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export type JsonObject = { [key: string]: JsonValue };

/** A plugin that gateways of a namespace run. Record id: the plugin's id in decimal. */
export interface PluginData {
  id: number;
  name: string;
  /** `''` for every namespace. */
  namespace: string;
  organization_id: number;
  /** The first part of its URL, `/plugins/{slug}/…`; null for a plugin that serves no endpoints. */
  slug: string | null;
  /** `file:///path/to/plugin`. */
  command: string;
  /** Capability names, see plugin-manifest. */
  hooks: string[];
  /** Values of secret properties are sealed, see `seal.ts`. */
  config: { [key: string]: JsonValue };
  approved_scopes: string[];
  /** Counts the reloads that an administrator asked for. */
  reloads: number;
  /** `sha256:…` of what was registered; null or left out: nothing is pinned. */
  digest?: string | null;
  /** What the manifest asks for; the gateway caps it. */
  limits?: PluginLimitsData | null;
  /** Which hosts the plugin fits, as its manifest says; the gateway starts it only when it is one of them. */
  compat?: PluginCompatData | null;
}

export interface PluginCompatData {
  /** Range of semantic versions. */
  app?: string;
  api?: string[];
  min_gateway_version?: string;
}

export interface PluginLimitsData {
  memory_mb?: number;
  pids?: number;
  nofile?: number;
  /** Processor cores. */
  cpu?: number;
  network?: 'host' | 'none';
  start_timeout_ms?: number;
}

/** Who calls. Record id: the app's id in decimal. */
export interface AppData {
  id: number;
  name: string;
  description: string;
  owner_email: string;
  is_active: boolean;
  /** null: no limit. */
  monthly_budget: number | null;
  /** Requests a minute; 0: no limit. */
  rate_limit: number;
  metadata: { [key: string]: string };
  namespace: string;
  /** Unix seconds. */
  created_at: number;
  updated_at: number;
}

/** A credential of an app. Record id: the token's id in decimal. A revoked token has no record. */
export interface TokenData {
  id: number;
  app_id: number;
  /** HMAC-SHA256 of the token, see `token-hash.ts`; lower-case hex. */
  hash: string;
  scopes: string[];
  /** Unix seconds; null: never. */
  expires_at: number | null;
}

/** The keys of a namespace for one of its gateways. Record id: the gateway's id in decimal. Of no use to anybody else. */
export interface GatewayKeyData {
  id: number;
  /** `keyIdOf` the gateway's public sealing key, so that a gateway finds what is for it. */
  key_id: string;
  /** Which key of the namespace this is. A later one takes its place when a gateway is removed. */
  key_version: number;
  /** See `sealGatewayKeys`. */
  sealed: string;
}

/** Every kind of record by name. A later kind is added here and nowhere else. */
export interface RecordKinds {
  app: AppData;
  gateway_key: GatewayKeyData;
  plugin: PluginData;
  token: TokenData;
}

export type RecordKind = keyof RecordKinds;

export type SnapshotRecord = { [K in RecordKind]: { kind: K; id: string; data: RecordKinds[K] } }[RecordKind];
