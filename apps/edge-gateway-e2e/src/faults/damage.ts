import type { SeededRandom } from './seeded-random';

/** One bit flipped, or the end missing. Never the same bytes. */
export function damaged(content: Buffer, random: SeededRandom): Buffer {
  const bytes = Buffer.from(content);
  if (bytes.length === 0) return Buffer.from('rubbish');
  const at = random.between(0, bytes.length - 1);
  if (random.next() < 0.5) return bytes.subarray(0, at);
  bytes[at]! ^= 1 << random.between(0, 7);
  return bytes;
}
