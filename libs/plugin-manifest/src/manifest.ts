import type { FailurePolicies } from './failure-policies';
import type { Hook } from './hooks';

/** A plugin's manifest with every default filled in. Keys that Sluice does not know stay where they stood. */
export interface PluginManifest {
  /** `com.example.mcp-registry` */
  id: string;
  name: string;
  /** Semantic version 2. */
  version: string;
  description: string;
  author: string;
  license: string;
  icon: string;
  category: string;
  homepage: string;
  capabilities: { hooks: Hook[]; primary_hook: Hook };
  permissions: ManifestPermissions;
  /** What the author wants to happen when a hook fails; what is not named has the default of its kind. */
  failure_policies: FailurePolicies;
  ui: { slots: UiSlot[] };
  portal: { slots: PortalSlot[] };
  /** Paths below the plugin's own root that may be served. */
  assets: string[];
  schedules: ManifestSchedule[];
  resource_types: ResourceType[];
  /** JSON Schema of the config; the answer of GetConfigSchema wins over it. */
  config_schema?: Record<string, unknown>;
  runtime: ManifestRuntime;
  compat: ManifestCompat;
  requires: ManifestRequirement[];
}

export interface ManifestPermissions {
  /** Scopes of the Service API that the plugin asks for; an administrator approves them. */
  services: string[];
  kv: string[];
  rpc: string[];
  routes: string[];
  ui: string[];
  portal_ui: string[];
  /** `llm.before_create` and the like. */
  object_hooks: string[];
  /** Topics; `*` at the end stands for anything. Default: the topics under the plugin's id. */
  events: { publish: string[]; subscribe: string[] };
}

export interface UiSlot {
  slot: string;
  label: string;
  icon: string;
  items: UiItem[];
}

export interface PortalSlot extends UiSlot {
  /** Names of the groups whose members see it; empty: everybody. */
  groups: string[];
}

export interface UiItem {
  type: 'route' | 'component';
  path: string;
  title: string;
  mount: UiMount;
}

export interface UiMount {
  kind: 'webc' | 'iframe';
  /** The custom element of `webc`; empty for `iframe`. */
  tag: string;
  /** The asset to load. */
  entry: string;
  props: Record<string, unknown>;
}

export interface ManifestSchedule {
  id: string;
  name: string;
  /** Five fields, `@every 5m`, `@hourly` or `@daily`. */
  cron: string;
  /** IANA name. */
  timezone: string;
  enabled: boolean;
  timeout_seconds: number;
  config: Record<string, unknown>;
}

export interface ResourceType {
  slug: string;
  name: string;
  description: string;
  icon: string;
  has_privacy_score: boolean;
  supports_submissions: boolean;
  form_component: { tag: string; entry_point: string } | null;
}

export interface ManifestRuntime {
  activation: 'eager' | 'on_demand';
  idle_timeout_ms?: number;
  start_timeout_ms?: number;
  resources: { memory_mb?: number; pids?: number; nofile?: number; cpu?: number };
  network?: 'none' | 'host';
}

export interface ManifestCompat {
  /** Semver range of the platform. */
  app?: string;
  api: string[];
  min_gateway_version?: string;
  min_studio_version?: string;
}

export interface ManifestRequirement {
  /** Manifest id of the other plugin. */
  plugin: string;
  /** Semver range. */
  version: string;
  optional: boolean;
}
