import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../random';
import { difference, expectedOutcome } from './outcome';
import { type PlannedCall, randomCall } from './random-call';
import { openSession, type Session } from './session';

export interface Comparison {
  calls: number;
  seed: number;
  goPeer: string | undefined;
  onSession?(made: number, name: string): void;
  /** As soon as it is found; each is in the result too. */
  onFault?(fault: string): void;
}

const CALLS_OF_A_SESSION = 200;
/** Where every byte waits for a WINDOW_UPDATE. */
const CALLS_OF_A_SLOW_SESSION = 48;
const SLOW_BYTES = 1_000;
const AT_ONCE = 24;

/** Longer than any deadline. */
const PATIENCE_MS = 90_000;

/** Megabytes in flight are bounded: several clients keep each request and its answers. */
const LARGE_BYTES = 1_048_576;

/**
 * Makes random calls with every client of many sessions. A call counts once, however many clients make it.
 * @returns one line for each that did not come to what its plan says.
 */
export async function compareCalls({ calls, seed, goPeer, onSession, onFault }: Comparison): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lane-calls-'));
  const faults: string[] = [];
  let told = 0;
  try {
    for (let made = 0, number = 0; made < calls; number++) {
      const random = new Random(seed + number);
      const session = await openSession(random, folder, number, goPeer);
      const count = Math.min(session.largest <= SLOW_BYTES ? CALLS_OF_A_SLOW_SESSION : CALLS_OF_A_SESSION, calls - made);
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => work(session, random, Math.floor((count + lane) / AT_ONCE), faults)));
      } finally {
        for (const client of Object.values(session.clients)) client.close();
        session.server.close();
      }
      made += count;
      onSession?.(made, session.name);
      for (; told < faults.length; told++) onFault?.(faults[told]!);
      if (faults.length > 20) break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return faults.map((fault) => `seed ${seed}: ${fault}`);
}

async function work(session: Session, random: Random, count: number, faults: string[]): Promise<void> {
  for (let index = 0; index < count; index++) {
    const planned = randomCall(random, session.largest);
    const large = planned.request.length + planned.plan.answers.reduce((sum, bytes) => sum + bytes, 0) > LARGE_BYTES;
    if (large) await oneAfterTheOther(session, planned, faults);
    else await Promise.all(Object.keys(session.clients).map((client) => make(session, client, planned, faults)));
  }
}

async function oneAfterTheOther(session: Session, planned: PlannedCall, faults: string[]): Promise<void> {
  for (const client of Object.keys(session.clients)) await make(session, client, planned, faults);
}

async function make(session: Session, client: string, planned: PlannedCall, faults: string[]): Promise<void> {
  const outcome = await Promise.race([session.clients[client]!.call(planned), pause(PATIENCE_MS, undefined, { ref: false })]);
  const fault = outcome ? difference(expectedOutcome(planned), outcome) : `had not ended after ${PATIENCE_MS} ms`;
  const { plan, request, streams, deadlineMs, cancelAfter } = planned;
  if (fault) faults.push(`${client} at ${session.name}: ${fault} (${streams ? 'stream' : 'unary'} of ${request.length} bytes, answers ${plan.answers.join(',')}, deadline ${deadlineMs}, cancel ${cancelAfter}, hangs ${plan.hangs})`);
}
