import { z } from 'zod';

const NAMESPACE = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** How the default namespace, `''`, is written where an empty word cannot stand, as in a path. */
export const DEFAULT_NAMESPACE_NAME = 'default';

/** Reads a namespace that somebody wrote: `default` and `''` are the same. Undefined when it is none. */
export function parseNamespace(text: string): string | undefined {
  if (text === '' || text === DEFAULT_NAMESPACE_NAME) return '';
  return NAMESPACE.test(text) ? text : undefined;
}

export const namespaceSchema = z.string().transform((text, context) => {
  const namespace = parseNamespace(text);
  if (namespace !== undefined) return namespace;
  context.addIssue({ code: 'custom', message: 'Use lower-case letters, digits and hyphens, at most 63, beginning with a letter or digit.' });
  return z.NEVER;
});
