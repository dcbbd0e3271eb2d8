/** One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** Lower case: `basic`, `bearer`. */
  scheme: string;
  parameters: Readonly<Record<string, string>>;
}

const SCHEME = /^\s*,*\s*([!#$%&'*+.^_`|~0-9a-z-]+)(?=\s|,|$)(?!\s*=)/i;
const PARAMETER = /^\s*,?\s*([!#$%&'*+.^_`|~0-9a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/i;

/** The challenges of a header, in order. What cannot be read ends the list. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let rest = header;
  for (let scheme = SCHEME.exec(rest); scheme !== null; scheme = SCHEME.exec(rest)) {
    rest = rest.slice(scheme[0].length);
    const parameters: Record<string, string> = {};
    for (let parameter = PARAMETER.exec(rest); parameter !== null; parameter = PARAMETER.exec(rest)) {
      parameters[parameter[1]!.toLowerCase()] = parameter[3] ?? parameter[2]!.replace(/\\(.)/g, '$1');
      rest = rest.slice(parameter[0].length);
    }
    challenges.push({ scheme: scheme[1]!.toLowerCase(), parameters });
  }
  return challenges;
}
