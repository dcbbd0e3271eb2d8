import type { EndpointRegistration } from '@sluice/contracts/plugin';
import type { PluginLink } from '@sluice/plugin-runtime';

/** What a worker has to know of a plugin: the generation that takes calls now, if any does. */
export interface PluginView {
  pluginId: number;
  serving: ServingView | null;
}

export interface ServingView {
  generation: number;
  link: PluginLink;
  serviceBrokerId: number;
  endpoints: readonly EndpointRegistration[];
}

/** Which generation of which plugin. */
export interface GenerationName {
  pluginId: number;
  generation: number;
}

/**
 * A step of the configuration, numbered in the order in which the primary took it. What is in it is fetched piece by piece from `source`:
 * a revocation never waits behind a large one. `whole` is a checkpoint: `head` is its index, and its 256 parts are the chunks. The others have
 * one part, or are all in `head`.
 */
export interface Change {
  number: number;
  kind: 'delta' | 'whole' | 'body';
  source: number;
  head: Uint8Array;
}

/** What the primary tells a worker. */
export type ToWorker =
  /** First of all. The worker applies `change`, then `revocations`, and says that it is up to date. */
  | { kind: 'begin'; plugins: PluginView[]; change: Change | null; revocations: Uint8Array[] }
  | { kind: 'change'; change: Change }
  | { kind: 'revocation'; number: number; bytes: Uint8Array }
  /** It has what the primary has: it may listen. */
  | { kind: 'serve' }
  | { kind: 'plugin'; view: PluginView }
  /** The process of this generation has gone: its calls are over. */
  | { kind: 'ended'; name: GenerationName }
  | { kind: 'leave' };

/** How the calls of a worker to one generation stand. */
export interface CallReport extends GenerationName {
  calls: number;
  streams: number;
  lastRequestId: string;
  /** Since the Unix epoch: several workers have a last one. */
  lastRequestAtMs: number;
}

/** What a worker has seen of a plugin that its status shall say. */
export type Remark =
  | { what: 'received'; bytes: number }
  | { what: 'streamTimedOut' }
  | { what: 'refusedMessage'; bytes: number; limit: number }
  | { what: 'slowed'; bytesPerSecond: number };

/** What a worker tells the primary. */
export type ToPrimary =
  | { kind: 'hello' }
  | { kind: 'enforced'; number: number }
  | { kind: 'revoked'; number: number }
  | { kind: 'serving'; url: string }
  /** It cannot serve, and ends. */
  | { kind: 'failed'; message: string }
  | { kind: 'calls'; reports: CallReport[] }
  /** It will not call this generation any more. */
  | { kind: 'released'; name: GenerationName }
  | { kind: 'remark'; name: GenerationName; remark: Remark };

/** What a worker asks the primary. */
export type WorkerQuestion =
  | { what: 'piece'; source: number; part: number; offset: number }
  | { what: 'readiness'; minRevision: number; verbose: boolean }
  | { what: 'metrics' }
  | { what: 'alive' };

/** What the primary asks a worker. */
export type PrimaryQuestion = { what: 'metrics' } | { what: 'alive' };

/** A piece of a part, and how long the part is. */
export interface Piece {
  bytes: Uint8Array;
  length: number;
}

/** No message between the two is much longer. */
export const PIECE_BYTES = 262_144;
