/** If-None-Match as RFC 9110 has it: a list, compared weakly, or `*`. */
export function knowsTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
