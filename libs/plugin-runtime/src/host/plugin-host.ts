import type { EndpointRegistration, ObjectHookRegistration, ResourceTypeRegistrationProto } from '@sluice/contracts/plugin';
import type { Clock } from '@sluice/kernel';
import type { ManifestCompat, PlatformVersions } from '@sluice/plugin-manifest';
import type { Logger } from 'pino';
import type { ServiceApiLimits } from '../broker/call-gate';
import type { RefusedCall } from '../broker/refused-calls';
import type { ServiceApi } from '../broker/service-api';
import type { PluginChannel } from '../connect/plugin-channel';
import type { Deployment } from '../deployment/deployment';
import type { EventDirection } from '../events/event-direction';
import type { EventTransport } from '../events/event-transport';
import type { OciPrograms } from '../launch/oci-programs';
import type { PluginLimits } from '../limits/plugin-limits';
import type { ReverseOptions } from '../remote/reverse-options';
import type { GenerationSharing } from '../sharing/plugin-link';
import type { CrashCard } from '../supervisor/crash-card';
import type { PluginStatus } from '../supervisor/plugin-status';
import type { PluginTimings } from '../timings';
import type { PluginHostPolicy } from './plugin-host-policy';

export type PluginRuntimeName = 'studio' | 'gateway';

/** A plugin that shall run here. Two equal definitions are the same generation; a changed one is a new generation. */
export interface PluginDefinition {
  id: number;
  name: string;
  deployment: Deployment;
  config: Readonly<Record<string, unknown>>;
  approvedScopes: readonly string[];
  /** Counts the reloads that an administrator asked for; a new number is a new generation. */
  reloads: number;
  /** Of which gateways it is, to whom its events go down; `''` and undefined are all. */
  namespace?: string;
  /** What the manifest asks for; the host caps it. */
  limits?: PluginLimits;
  /** It is started when somebody demands it, and ended when nobody has needed it for this long (default: 5 minutes). Left out: it runs always. */
  onDemand?: { idleTimeoutMs?: number };
  /** Which hosts it fits, as far as that was known when it was registered. */
  compat?: ManifestCompat;
}

/** What a plugin answered after `Initialize`. */
export interface PluginAnswers {
  /** The manifest's text, or `''` when the plugin has none. */
  manifestJson: string;
  configSchemaJson: string;
  /** Asked on a gateway. */
  endpoints: readonly EndpointRegistration[];
  /** Asked on the studio. */
  objectHooks: readonly ObjectHookRegistration[];
  resourceTypes: readonly ResourceTypeRegistrationProto[];
}

/** One running process of a plugin that takes calls. */
export interface PluginGeneration {
  readonly pluginId: number;
  readonly generation: number;
  readonly channel: PluginChannel;
  readonly answers: PluginAnswers;
  /** What to put into a request's `service_broker_id`. */
  readonly serviceBrokerId: number;
  /** Set by whoever makes a call, so that a crash can be traced to it. */
  lastRequestId?: string;
  /** For other processes of this host. Left out: none can call it. */
  readonly sharing?: GenerationSharing;
}

export interface PluginHostOptions {
  runtime: PluginRuntimeName;
  /** Sent to the plugin as `EDGE_ID`; a gateway's only. */
  edgeId?: string;
  /** Private folders and sockets of the processes live below it. Short: a socket's path has 107 bytes. */
  runDirectory: string;
  /** The Service API of this runtime; events are added by the host. */
  serviceApi: readonly ServiceApi[];
  /** How much of the Service API one plugin may use. Default: {@link DEFAULT_SERVICE_API_LIMITS}. */
  serviceApiLimits?: Partial<ServiceApiLimits>;
  /** Called when a plugin is refused a call, at most once a minute for each plugin and method. Must not throw. */
  onRefusedCall?: (call: RefusedCall) => void;
  logger: Logger;
  /** Carries events that go up or down. Without it a plugin that publishes one is told so. */
  eventTransport?: EventTransport;
  clock?: Clock;
  /** Called after every change of any plugin's state or generation. Must not throw. */
  onChange?: (status: PluginStatus) => void;
  /** Called once for each generation that ended, or did not start, without being asked to. Must not throw. */
  onCrash?: (card: CrashCard) => void;
  /** Shorter or longer waits than the contract's; the rest keep their defaults. */
  timings?: Partial<PluginTimings>;
  /** How long streams of a generation that is being replaced may go on. Default: 5 minutes. */
  drainTimeoutMs?: number;
  /** Where `PATH`, `HOME`, `TZ`, `LANG` and the proxy variables of the plugins come from; nothing else of it reaches them. Default: this process's own. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** What the operator allows. Default: everything, with certificates on TCP. */
  policy?: Partial<PluginHostPolicy>;
  /** Where `grpc://` plugins reach this host for the Service API and events. Default: nowhere. */
  reverse?: ReverseOptions | null;
  /** What this host is: a plugin whose manifest asks for something else does not start. Default: every plugin fits. */
  platform?: PlatformVersions;
  /** Where `oci://` plugins come from. Default: they cannot be started. */
  programs?: OciPrograms;
}

export interface PublishOptions {
  /** Default: a new one. */
  id?: string;
  /** To which gateways an event goes down; `''` are all of them. Default: all. */
  namespaces?: readonly string[];
}

/** Runs plugin processes. Nothing one plugin does blocks another or the host. */
export interface PluginHost {
  /**
   * Makes the running plugins match: starts new ones, starts a new generation of changed ones (the old one serves until the
   * new one is ready), drains and ends the missing ones. Returns at once; each plugin converges by itself.
   */
  apply(definitions: readonly PluginDefinition[]): void;

  /** The generation that takes calls now, or undefined while there is none. Ask again for every call. */
  serving(pluginId: number): PluginGeneration | undefined;

  /** The same; a plugin that is started on demand is started first. Resolves to undefined when it does not come to serve: its status says why. */
  demand(pluginId: number): Promise<PluginGeneration | undefined>;

  status(pluginId: number): PluginStatus | undefined;
  statuses(): PluginStatus[];

  /** The last 20 crashes of a plugin since this host began, the newest last. */
  crashes(pluginId: number): readonly CrashCard[];

  /**
   * Publishes an event of the platform, whose topic begins with `system.`. Never put a secret into one. Subscribers know it by its id:
   * hosts that publish the same thing give the same one.
   */
  publish(topic: string, payload: Uint8Array, direction: EventDirection, options?: PublishOptions): void;

  /** Resolves when no plugin is in its first start any more, whether that succeeded or failed. */
  settled(): Promise<void>;

  /** Drains and ends every process. Resolves when none is left. */
  close(): Promise<void>;
}
