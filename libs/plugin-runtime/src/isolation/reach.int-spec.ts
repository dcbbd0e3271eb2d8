import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obstacleFor } from './reach';

const folder = mkdtempSync(join(tmpdir(), 'slr-'));
const inner = join(folder, 'inner');
const file = join(inner, 'main.js');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('obstacleFor', () => {
  it('names what other users cannot get past, from the outside in', async () => {
    mkdirSync(inner, { mode: 0o700 });
    writeFileSync(file, '', { mode: 0o600 });
    expect(await obstacleFor(file)).toBe(folder);
    chmodSync(folder, 0o755);
    expect(await obstacleFor(file)).toBe(inner);
    chmodSync(inner, 0o711);
    expect(await obstacleFor(file)).toBe(file);
    chmodSync(file, 0o644);
    expect(await obstacleFor(file)).toBeUndefined();
  });
});
