/** Header names and values as they arrive: one value a name, names in their canonical form (`Content-Type`). */
export type Headers = Readonly<Record<string, string>>;
/** Headers that a plugin gives: several values are joined as HTTP asks for it. */
export type HeadersInit = Readonly<Record<string, string | readonly string[]>>;
/** Text is sent as UTF-8. */
export type Body = string | Uint8Array;

/** `Set-Cookie` cannot be joined by commas, so that its values travel separated by newlines. */
export function headersToWire(headers: HeadersInit = {}): Record<string, string> {
  const wire: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) wire[name] = typeof value === 'string' ? value : value.join(name.toLowerCase() === 'set-cookie' ? '\n' : ', ');
  return wire;
}

export function bodyToWire(body: Body | undefined): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
