import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadIdentity } from './identity-key';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-identity-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes its keys once and finds them again', async () => {
  const made = await loadIdentity(join(folder, 'state'));
  expect([made.signingKey.asymmetricKeyType, made.sealingKey.asymmetricKeyType]).toEqual(['ed25519', 'x25519']);
  const found = await loadIdentity(join(folder, 'state'));
  expect([found.signingKey.equals(made.signingKey), found.sealingKey.equals(made.sealingKey)]).toEqual([true, true]);
  for (const file of ['identity.pem', 'sealing.pem']) expect((await stat(join(folder, 'state', file))).mode & 0o777).toBe(0o600);
});

it.each(['identity.pem', 'sealing.pem'])('does not replace %s when it cannot read it, and says what to do', async (file) => {
  await writeFile(join(folder, file), 'torn');
  await expect(loadIdentity(folder)).rejects.toThrow(new RegExp(`${file} is not the key that this gateway wrote`));
});
