/** An address as it is written, an IPv4 address in its own form where a socket speaks IPv6; `''` where there is none any more. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
