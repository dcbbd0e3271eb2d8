/** The plugin breaks the rule. The message is what is wrong and what its author can do. */
export class Nonconformance extends Error {
  override readonly name = 'Nonconformance';
}

/** The rule turned out not to concern this plugin, or this machine. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

export function fail(sentence: string): never {
  throw new Nonconformance(sentence);
}

export function skip(reason: string): never {
  throw new NotApplicable(reason);
}
