import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type EchoServer, startEchoServer } from '../testing/echo-server';
import { LaneChannel } from './lane-channel';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;

const CALLS = 20_000;
const AT_ONCE = 50;
/** Of 8 bytes each. */
const BALLAST_WORDS = 1_000;

let folder: string;
let server: EchoServer;
let channel: LaneChannel;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lane-'));
  server = await startEchoServer('the lane', join(folder, 's'));
  channel = new LaneChannel({ path: join(folder, 's') });
});

afterEach(() => {
  channel.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const oldBytes = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')!.space_used_size;

/** Something that weighs as much as a request with what belongs to it, and ends with its call. */
function call(): Promise<number> {
  const ballast = new Array<number>(BALLAST_WORDS).fill(0);
  return new Promise((resolve, reject) => channel.unary('/test.Echo/Echo', Buffer.alloc(10), { deadlineMs: 60_000 }, { onResponse: () => resolve(ballast.length), onError: reject }));
}

// What V8 takes for alive because something dead refers to it is only found out when the old generation is collected.
it('leaves nothing of calls that have ended to the old generation, after one that found some under way', async () => {
  let left = CALLS;
  const caller = async () => {
    while (left-- > 0) {
      await call();
      if (left === CALLS - 1_000) collect();
      if (left % 500 === 0) collect({ type: 'minor' });
    }
  };
  let before = 0;
  const looker = (async () => {
    while (left > CALLS - 2_000) await call();
    before = oldBytes();
  })();
  await Promise.all([looker, ...Array.from({ length: AT_ONCE }, caller)]);
  const kept = oldBytes() - before;
  expect(kept).toBeLessThan((CALLS * BALLAST_WORDS * 8) / 20);
});
