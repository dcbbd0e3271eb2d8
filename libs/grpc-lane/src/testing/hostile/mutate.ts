import { FRAME_HEADER_BYTES, frame } from '../../http2/frame';
import type { Random } from '../random';

/** Does to the frames of an honest peer what a hostile or broken one would. @returns the bytes, in the pieces in which they arrive */
export function mutate(random: Random, honest: readonly Buffer[]): Buffer[] {
  let frames = [...honest];
  for (let count = 1 + random.below(4); count > 0; count--) frames = changeFrames(random, frames);
  const bytes = Buffer.concat(frames);
  if (random.oneIn(2)) for (let count = 1 + random.below(4); count > 0 && bytes.length > 0; count--) bytes[random.below(bytes.length)] = random.below(256);
  return cut(random, random.oneIn(8) ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes);
}

function changeFrames(random: Random, frames: readonly Buffer[]): Buffer[] {
  const at = random.below(frames.length + 1);
  const [before, after] = [frames.slice(0, at), frames.slice(at)];
  switch (random.below(7)) {
    case 0:
      return [...before, ...after.slice(1)];
    case 1:
      return [...before, ...after.slice(0, 1), ...after];
    case 2:
      return [...before, ...after.slice(0, 2).reverse(), ...after.slice(2)];
    case 3:
      return [...before, random.bytes(random.below(40)), ...after];
    case 4:
      return [...before, withHeader(random, after[0] ?? randomFrame(random)), ...after.slice(1)];
    default:
      return [...before, randomFrame(random), ...after];
  }
}

/** Nearly right: a known type on a stream that may be open. */
function randomFrame(random: Random): Buffer {
  const made = frame(random.below(11), random.below(4) * random.below(16), random.of([0, 1, 1, 3, 5, 7, 9, 2]), random.bytes(random.of([0, 1, 4, 5, 6, 8, 12, 30])));
  return random.oneIn(3) ? withHeader(random, made) : made;
}

/** Length, type, flags or stream are others than the sender meant. */
function withHeader(random: Random, honest: Buffer): Buffer {
  const changed = Buffer.from(honest);
  if (changed.length >= FRAME_HEADER_BYTES) changed[random.of([1, 2, 2, 3, 4, 4, 8])] = random.of([0, 1, 4, 5, 8, 9, 0x2c, random.below(256)]);
  return changed;
}

function cut(random: Random, bytes: Buffer): Buffer[] {
  if (random.oneIn(2)) return [bytes];
  const pieces: Buffer[] = [];
  for (let position = 0; position < bytes.length; ) {
    const end = Math.min(bytes.length, position + 1 + random.below(random.of([1, 10, 100])));
    pieces.push(bytes.subarray(position, end));
    position = end;
  }
  return pieces;
}
