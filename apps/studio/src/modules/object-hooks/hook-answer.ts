import type { ObjectHookResponse } from '@sluice/contracts/plugin';
import { storableText } from '../../database/storable-text';
import type { HookedObject } from './hooked-write';

const MAX_TEXT_LENGTH = 1_000;
const MAX_METADATA_BYTES = 16_384;

/** How a hook failed: the plugin is not there, is late, or gave no answer that means anything. */
export interface HookFailure {
  kind: 'failed';
  how: 'down' | 'late' | 'wrong';
  /** What the plugin did, after its name: `did not answer within 5 s`. */
  deed: string;
}

export type HookAnswer =
  /** `object` null: as it is. */
  | { kind: 'allowed'; object: HookedObject | null; message: string; metadata: Readonly<Record<string, string>> }
  | { kind: 'rejected'; reason: string }
  | HookFailure;

/** What a plugin's answer says. */
export function readHookAnswer({ allowOperation, rejectionReason, modified, modifiedObjectJson, pluginMetadata, message }: ObjectHookResponse): HookAnswer {
  if (!allowOperation) return { kind: 'rejected', reason: shown(rejectionReason) || 'It gave no reason.' };
  if (Buffer.byteLength(JSON.stringify(pluginMetadata)) > MAX_METADATA_BYTES) return wrong(`answered with more than ${MAX_METADATA_BYTES} bytes of metadata`);
  const object = modified ? readObject(modifiedObjectJson) : null;
  if (object === undefined) return wrong('says that it changed the object, and sent no JSON object');
  return { kind: 'allowed', object, message: shown(message), metadata: pluginMetadata };
}

export function wrong(deed: string): HookFailure {
  return { kind: 'failed', how: 'wrong', deed };
}

/** A plugin's own words, as they may stand in an answer, a log and the database. */
export function shown(text: string): string {
  return storableText(text.trim(), MAX_TEXT_LENGTH);
}

function readObject(text: string): HookedObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as HookedObject) : undefined;
  } catch {
    return undefined;
  }
}
