import { isIP } from 'node:net';
import type { SluiceError } from '@sluice/kernel';
import { plainAddress } from './plain-address';
import { requestErrors } from './request-errors';
import type { RequestHead } from './request-head';
import type { TrustedProxies } from './trusted-proxies';

const FORWARDED_FOR = 'X-Forwarded-For';
const FORWARDED = 'Forwarded';
const FOR_PARAMETER = /(?:^|;)[ \t]*for=("?)([^";]*)\1[ \t]*(?:;|$)/i;
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;
const WITH_PORT = /^([^:]+):\d{1,5}$/;

/**
 * Finds out whom a trusted proxy forwards for, and writes it into `head.clientAddress`: the last address in the chain that is none of the proxies. What
 * stands before it was written by the client itself and is taken out of the headers.
 * @returns what is wrong when the two headers that can tell disagree: one of them came from the client.
 */
export function resolveClient(head: RequestHead, proxies: TrustedProxies): SluiceError | undefined {
  const chain = walk(head, FORWARDED_FOR, proxies, toAddress);
  const elements = walk(head, FORWARDED, proxies, (element) => toAddress(FOR_PARAMETER.exec(element)?.[2] ?? ''));
  if (chain !== undefined && elements !== undefined && chain !== elements) return new requestErrors.badForwarding();
  head.clientAddress = chain ?? elements ?? head.clientAddress;
  return undefined;
}

/** @returns the client by this header, which is shortened; undefined where it names no address. */
function walk(head: RequestHead, name: string, proxies: TrustedProxies, read: (entry: string) => string): string | undefined {
  const value = head.headers[name];
  if (value === undefined) return undefined;
  const entries = value.split(',').map((entry) => entry.trim());
  let client = head.clientAddress;
  let first = entries.length;
  while (first > 0) {
    const address = read(entries[first - 1]!);
    // A proxy may hide an address; then the one that it was seen by is the last that is known.
    if (address === '') break;
    first--;
    client = address;
    if (!proxies.includes(address)) break;
  }
  if (first === entries.length) {
    delete head.headers[name];
    return undefined;
  }
  if (first > 0) head.headers[name] = entries.slice(first).join(', ');
  return client;
}

/** The address in one entry, without the port; `''` for what is none. */
function toAddress(entry: string): string {
  const bare = BRACKETED.exec(entry)?.[1] ?? (isIP(entry) === 0 ? WITH_PORT.exec(entry)?.[1] : undefined) ?? entry;
  return isIP(bare) === 0 ? '' : plainAddress(bare);
}
