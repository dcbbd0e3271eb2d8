import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadIdentityKey } from './identity-key';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-identity-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes an Ed25519 key once and finds it again', async () => {
  const key = await loadIdentityKey(join(folder, 'state'));
  expect(key.asymmetricKeyType).toBe('ed25519');
  expect((await loadIdentityKey(join(folder, 'state'))).equals(key)).toBe(true);
  expect((await stat(join(folder, 'state/identity.pem'))).mode & 0o777).toBe(0o600);
});

it('does not replace a key that it cannot read', async () => {
  await writeFile(join(folder, 'identity.pem'), 'torn');
  await expect(loadIdentityKey(folder)).rejects.toThrow();
});
