/** Checks one text: undefined when it is right, otherwise a sentence that says what to do. */
export type TextRule = (text: string) => string | undefined;

/** The text has to match. */
export function matches(pattern: RegExp, advice: string): TextRule {
  return (text) => (pattern.test(text) ? undefined : advice);
}
