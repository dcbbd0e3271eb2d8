/** Longer is not waited: proxies give up on connections that are silent for longer. */
const MAX_WAIT_SECONDS = 60;

/** How many seconds a client is willing to wait for an answer: `Prefer: wait=N` (RFC 7240 section 4.3), at most 60. Undefined when it does not say. */
export function preferredWaitSeconds(header: string | undefined): number | undefined {
  for (const preference of header?.split(',') ?? []) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), MAX_WAIT_SECONDS);
  }
  return undefined;
}
