import type { ObjectHookPoint } from '@sluice/governance';

/** An object as plugins see it: JSON in the names of the API. */
export type HookedObject = Readonly<Record<string, unknown>>;

export type Accepted<T> = { ok: true; object: T } | { ok: false; reason: string };

/** A write that plugins have a say in. */
export interface HookedWrite<T extends HookedObject> extends Pick<ObjectHookPoint, 'objectType' | 'verb'> {
  /** As it would be written; of a deletion, what is deleted. */
  object: T;
  /** Takes what a plugin made of the object, or says in a sentence why that cannot be written. */
  accept(changed: HookedObject): Accepted<T>;
}

/** What a plugin did before a write, for the audit row of the write. */
export interface HookNote {
  plugin_id: number;
  modified: boolean;
  message: string;
}

/** A write that every plugin that had to be asked has let pass. */
export interface HookedOperation<T extends HookedObject> extends Pick<ObjectHookPoint, 'objectType' | 'verb'> {
  /** The same for all hooks of one write. */
  id: string;
  /** Whether any plugin was asked: then the write has to be of the very object that they saw. */
  asked: boolean;
  /** To be written. */
  object: T;
  /** What plugins left for those that are asked later. */
  metadata: Readonly<Record<string, string>>;
  notes: readonly HookNote[];
}
