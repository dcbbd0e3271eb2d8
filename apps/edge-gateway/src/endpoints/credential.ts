/** Where a request carries a token. */
export type Credential =
  | { kind: 'header'; token: string }
  | { kind: 'query'; token: string }
  | { kind: 'none' };

const BEARER = /^Bearer +(\S.*)$/i;
const NONE: Credential = { kind: 'none' };

/** The token of `Authorization: Bearer`, else of `?token=`. A bearer token that is there decides, good or bad. */
export function findCredential(authorization: string | undefined, query: string): Credential {
  const bearer = authorization === undefined ? null : BEARER.exec(authorization);
  if (bearer) return { kind: 'header', token: bearer[1]!.trimEnd() };
  if (query === '') return NONE;
  for (const parameter of query.split('&')) {
    const token = tokenOf(parameter);
    if (token !== undefined && token !== '') return { kind: 'query', token };
  }
  return NONE;
}

/** The query without every `token` parameter that carries this token; the rest byte for byte as it was. */
export function withoutToken(query: string, token: string): string {
  if (query === '') return query;
  return query
    .split('&')
    .filter((parameter) => tokenOf(parameter) !== token)
    .join('&');
}

function tokenOf(parameter: string): string | undefined {
  const equals = parameter.indexOf('=');
  if (equals < 0 || decode(parameter.slice(0, equals)) !== 'token') return undefined;
  return decode(parameter.slice(equals + 1));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
