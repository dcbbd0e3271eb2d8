/** The protocol tells times as Unix seconds. */
export function fromUnixSeconds(seconds: bigint): Date {
  return new Date(Number(seconds) * 1000);
}
