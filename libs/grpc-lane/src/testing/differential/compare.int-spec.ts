import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { compareCalls } from './compare';
import { startLaneServer } from './servers';

const GO_PEER = resolve(__dirname, '../../../go-peer');
const goIsMissing = spawnSync('go', ['version']).status !== 0;
const folder = mkdtempSync(join(tmpdir(), 'lane-compare-'));
const goPeer = join(folder, 'lane-peer');

beforeAll(async () => {
  if (!goIsMissing) await promisify(execFile)('go', ['build', '-o', goPeer, '.'], { cwd: GO_PEER, timeout: 200_000 });
}, 210_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm run test:lane` makes more of them. */
it('comes to the same as @grpc/grpc-js and node:http2, in random calls between every two', async () => {
  expect(await compareCalls({ calls: 1_500, seed: 42, goPeer: goIsMissing ? undefined : goPeer })).toEqual([]);
}, 240_000);

(goIsMissing ? it.skip : it)('answers random calls of grpc-go', async () => {
  const path = join(folder, 's');
  const server = await startLaneServer(path);
  try {
    const { stdout } = await promisify(execFile)(goPeer, ['call', path, '1000', '7'], { timeout: 120_000 });
    expect(stdout).toBe('1000 calls\n');
  } finally {
    server.close();
  }
}, 130_000);
