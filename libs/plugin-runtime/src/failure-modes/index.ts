import type { FailureMode } from './failure-mode';
import { limitModes } from './limit-modes';
import { programModes } from './program-modes';
import { registryModes } from './registry-modes';
import { remarkModes } from './remark-modes';
import { remoteModes } from './remote-modes';
import { servingModes } from './serving-modes';
import { startModes } from './start-modes';

export type { FailureMode };

/** Every reason that a plugin's status can show. `docs/failure-modes.md` has an entry for each. */
export const FAILURE_MODES: readonly FailureMode[] = [...startModes, ...servingModes, ...programModes, ...limitModes, ...remarkModes, ...registryModes, ...remoteModes];

const PATTERNS = FAILURE_MODES.flatMap(({ id, sentences, pattern }) => sentences.map((sentence) => ({ id, pattern: pattern ?? toPattern(sentence), length: sentence.replaceAll('…', '').length })))
  // Of two sentences that fit, the one that says more is meant.
  .sort((one, other) => other.length - one.length);

/** The entry of `docs/failure-modes.md` for a reason of a status, or undefined when it is none of them. */
export function failureModeOf(reason: string): string | undefined {
  return PATTERNS.find(({ pattern }) => pattern.test(reason))?.id;
}

function toPattern(sentence: string): RegExp {
  const parts = sentence.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}
