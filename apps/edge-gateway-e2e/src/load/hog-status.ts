import type { Appetite } from './hog-appetites';

/** What the studio shows of a hog on its gateway. */
export interface HogStatus {
  state: string;
  reason: string;
  remarks: string[];
  not_enforced: string[];
  /** Why it ended last, if it did. */
  crash: string | undefined;
  last_log_lines: string[];
}

/** The sentence of a status that tells what the hog did, if there is one. */
export function tellsOf({ says }: Appetite, { reason, crash, remarks, last_log_lines }: HogStatus): string | undefined {
  return [reason, crash ?? '', ...remarks, ...last_log_lines].find((sentence) => says.test(sentence));
}
