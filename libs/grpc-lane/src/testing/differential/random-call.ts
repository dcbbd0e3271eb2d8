import type { Random } from '../random';
import { type Plan, requestOf } from './plan';

/** A call to be made by every client in the same way. */
export interface PlannedCall {
  plan: Plan;
  request: Buffer;
  streams: boolean;
  deadlineMs: number;
  /** Cancelled by the client after so many answers; undefined when it is not. */
  cancelAfter: number | undefined;
  /** The reader pauses after every so many answers; 0 for never. */
  pauseEvery: number;
}

const UNHURRIED_MS = 60_000;
const LONG = '~{}^'.repeat(3_000);
/** None ends with a space: grpc-go sends that as it is, and nghttp2 drops the header. */
const MESSAGES = ['', 'nicht da: 100 % ä', 'not here', '日本語 %41', 'a\nb'];

/** @param largest bytes of one message */
export function randomCall(random: Random, largest: number): PlannedCall {
  const streams = random.oneIn(4);
  const failed = random.oneIn(6);
  const hangs = random.oneIn(60);
  const cancels = random.oneIn(40);
  const plan: Plan = {
    answers: Array.from({ length: streams ? random.below(20) : 1 }, () => bytesOf(random, streams ? Math.min(largest, 200_000) : largest)),
    status: failed ? 1 + random.below(16) : 0,
    message: failed ? random.of(MESSAGES) : '',
    headers: metadata(random, 'before', largest),
    trailers: metadata(random, 'behind', largest),
    hangs: hangs || cancels,
  };
  return {
    plan,
    request: requestOf(plan, bytesOf(random, largest)),
    streams,
    deadlineMs: hangs ? 20 + random.below(60) : UNHURRIED_MS,
    cancelAfter: cancels && !hangs ? random.below(streams ? plan.answers.length + 1 : 1) : undefined,
    pauseEvery: random.oneIn(3) ? 1 + random.below(5) : 0,
  };
}

/** Mostly small, often about where frames and windows end, seldom megabytes. */
function bytesOf(random: Random, largest: number): number {
  const kind = random.below(1_000);
  const bytes =
    kind === 0 ? random.below(16 * 1_048_576 + 1) : kind < 10 ? random.below(1_048_576) : kind < 60 ? 16_300 + random.below(200) : kind < 100 ? 65_400 + random.below(200) : random.below(3_000);
  return Math.min(bytes, largest);
}

function metadata(random: Random, prefix: string, largest: number): Record<string, string> {
  const made: Record<string, string> = {};
  for (let count = random.oneIn(2) ? 0 : random.below(4); count > 0; count--) {
    made[`x-${prefix}-${random.below(5)}`] = 'value '.repeat(1 + random.below(4)).trim() + random.below(1_000);
  }
  // More than a frame holds, so that CONTINUATION follows. The request says it too.
  if (random.oneIn(50) && largest > LONG.length) made[`x-${prefix}-long`] = LONG;
  return made;
}
