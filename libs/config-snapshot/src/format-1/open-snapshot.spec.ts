import { sign } from 'node:crypto';
import type { SluiceError } from '@sluice/kernel';
import { buildSnapshot, type SnapshotContent } from './build-snapshot';
import { canonicalBytes } from '../canonical-bytes';
import { encodeSnapshot } from './encode-snapshot';
import { openSnapshot, type Format1Trust } from './open-snapshot';
import { isUnchanged, refusalOf } from '../refusal';
import { rootHash } from './root-hash';
import { signSnapshot } from './sign-snapshot';
import { generateSigningKey } from '../signing-keys';
import { appRecord, pluginRecord, tokenRecord } from '../sample-records.fixture';
import type { JsonValue, PluginData, SnapshotRecord } from '../records';
import type { SignedSnapshot, Format1Header } from './snapshot';

const signer = generateSigningKey();
const stranger = generateSigningKey();
const trust: Format1Trust = { publicKeys: new Map([[signer.keyId, signer.publicKey]]), namespace: 'eu' };
const content: SnapshotContent = {
  namespace: 'eu',
  epoch: 'epoch-1',
  revision: 42,
  parent: 41,
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  records: [tokenRecord(5, 10), pluginRecord(2), appRecord(10), appRecord(9), pluginRecord(3, { slug: null })],
};
const snapshot = signSnapshot(buildSnapshot(content), signer.privateKey);
const bytes = encodeSnapshot(snapshot);

/** Signs whatever it is given, as a studio with a fault would. */
function forge(header: Partial<Format1Header>, records: SnapshotRecord[] = snapshot.records): Buffer {
  const full = { ...snapshot.header, root: rootHash(records), ...header };
  const signature = sign(null, canonicalBytes(full as unknown as JsonValue), signer.privateKey).toString('base64url');
  return encodeSnapshot({ ...snapshot, header: full, signature, records });
}

function refusal(body: Uint8Array, applied: Parameters<typeof openSnapshot>[2] = null, trusted = trust) {
  try {
    openSnapshot(body, trusted, applied);
  } catch (error) {
    return refusalOf(error);
  }
  throw new Error('The snapshot was accepted.');
}

describe('openSnapshot', () => {
  it('gives back what was signed, and that encodes to the same bytes', () => {
    const opened = openSnapshot(bytes, trust, { epoch: 'epoch-1', revision: 41 });
    expect(opened).toEqual(snapshot);
    expect(encodeSnapshot(opened).equals(bytes)).toBe(true);
  });

  it('opens a snapshot without records', () => {
    expect(openSnapshot(forge({}, []), trust, null).records).toEqual([]);
  });

  it('lets properties that a later version added pass, and keeps them', () => {
    const record = appRecord(1, { region: 'eu' } as object);
    expect(openSnapshot(forge({}, [record]), trust, null).records[0]!.data).toHaveProperty('region', 'eu');
  });

  it('refuses the snapshot with any single bit flipped', () => {
    const accepted: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        openSnapshot(flipped, trust, null);
        accepted.push(bit);
      } catch (error) {
        if (!refusalOf(error).code.startsWith('snapshot.') || refusalOf(error).code === 'snapshot.failed') throw error;
      }
    }
    expect(accepted).toEqual([]);
  });

  it.each<[string, Buffer]>([
    ['cut short', bytes.subarray(0, bytes.length - 1)],
    ['empty', Buffer.alloc(0)],
    ['null', Buffer.from('null')],
    ['with a byte order mark', Buffer.concat([Buffer.from('\ufeff'), bytes])],
    ['with whitespace', Buffer.concat([bytes, Buffer.from('\n')])],
    ['with a key twice', Buffer.from(bytes.toString().replace('"key_id"', '"key_id":"0000000000000000","key_id"'))],
    ['with a key of its own', Buffer.from(`${bytes.toString().slice(0, -1)},"zzz":1}`)],
    ['with the keys in another order', Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(snapshot).reverse())))],
    ['with the records in another order', encodeSnapshot({ ...snapshot, records: [...snapshot.records].reverse() })],
    ['with a deep record', Buffer.from(bytes.toString().replace('"depth":', `"deep":${'['.repeat(5_000)}${']'.repeat(5_000)},"depth":`))],
  ])('refuses a body %s', (_, body) => {
    expect(refusal(body).code).toBe('snapshot.badEncoding');
  });

  it('refuses a body over the limit before reading it', () => {
    expect(refusal(bytes, null, { ...trust, maxBytes: bytes.length - 1 }).code).toBe('snapshot.tooLarge');
  });

  it('names a later format even when its envelope has another shape', () => {
    expect(refusal(Buffer.from('{"header":{"format":2},"pages":[]}'))).toMatchObject({ code: 'snapshot.unknownFormat', path: '/header/format' });
  });

  it('refuses a key that is not pinned', () => {
    const foreign = encodeSnapshot(signSnapshot(buildSnapshot(content), stranger.privateKey));
    expect(refusal(foreign)).toMatchObject({ code: 'snapshot.unknownKey', path: '/key_id', epoch: 'epoch-1', revision: 42 });
  });

  it('accepts any of several pinned keys', () => {
    const both = { ...trust, publicKeys: new Map([...trust.publicKeys, [stranger.keyId, stranger.publicKey]]) };
    expect(openSnapshot(encodeSnapshot(signSnapshot(buildSnapshot(content), stranger.privateKey)), both, null).key_id).toBe(stranger.keyId);
    expect(openSnapshot(bytes, both, null).key_id).toBe(signer.keyId);
  });

  it('refuses a foreign signature under the id of a pinned key', () => {
    const foreign: SignedSnapshot = { ...signSnapshot(buildSnapshot(content), stranger.privateKey), key_id: signer.keyId };
    expect(refusal(encodeSnapshot(foreign))).toMatchObject({ code: 'snapshot.badSignature', path: '/signature' });
  });

  it('refuses a genuine snapshot of another namespace', () => {
    expect(refusal(bytes, null, { ...trust, namespace: '' })).toMatchObject({ code: 'snapshot.wrongNamespace', path: '/header/namespace' });
  });

  it('refuses genuine headers over other records', () => {
    const body = encodeSnapshot({ ...snapshot, records: snapshot.records.filter((record) => record.id !== '9') });
    expect(refusal(body)).toMatchObject({ code: 'snapshot.badRoot', path: '/header/root' });
  });
});

describe('openSnapshot, against what was applied', () => {
  it.each([42, 43])('refuses revision 42 after revision %d', (revision) => {
    expect(refusal(bytes, { epoch: 'epoch-1', revision })).toMatchObject({ code: 'snapshot.staleRevision', path: '/header/revision' });
  });

  it('says whether it is the very snapshot that was applied', () => {
    const unchanged = (applied: Parameters<typeof openSnapshot>[2]) => {
      try {
        openSnapshot(bytes, trust, applied);
      } catch (error) {
        return isUnchanged(error);
      }
      throw new Error('The snapshot was accepted.');
    };
    expect(unchanged(snapshot.header)).toBe(true);
    expect(unchanged({ ...snapshot.header, root: '0'.repeat(64) })).toBe(false);
    expect(unchanged({ epoch: 'epoch-1', revision: 43 })).toBe(false);
  });

  it('accepts a lower revision of another epoch, as after a restore from backup', () => {
    expect(openSnapshot(bytes, trust, { epoch: 'epoch-0', revision: 9_000 }).header.revision).toBe(42);
    expect(openSnapshot(bytes, trust, { epoch: 'epoch-0', revision: 9_000, created_at: '2026-01-02T03:04:05.677Z' }).header.revision).toBe(42);
  });

  it('refuses to go back to an abandoned epoch', () => {
    const applied = { epoch: 'epoch-2', revision: 1, created_at: '2026-01-02T03:04:06.000Z' };
    expect(refusal(bytes, applied)).toMatchObject({ code: 'snapshot.staleRevision', path: '/header/epoch' });
  });
});

describe('openSnapshot, on what the studio should not have signed', () => {
  it.each<[string, SnapshotRecord[], string, string]>([
    ['a value of the wrong type', [appRecord(1, { name: 7 } as object)], 'badRecord', '/records/0/data/name'],
    ['a hash that is none', [appRecord(1), tokenRecord(2, 1, { hash: 'ABC' })], 'badRecord', '/records/1/data/hash'],
    ['a slug with a slash', [pluginRecord(1, { slug: 'a/b' })], 'badRecord', '/records/0/data/slug'],
    ['a digest that is none', [pluginRecord(1, { digest: 'sha256:0' })], 'badRecord', '/records/0/data/digest'],
    ['a limit that is none', [pluginRecord(1, { limits: { pids: -1 } })], 'badRecord', '/records/0/data/limits/pids'],
    ['an id that differs from the data', [{ ...appRecord(1), id: '2' }], 'badRecord', '/records/0/id'],
    ['a kind that this version does not know', [{ ...appRecord(1), kind: 'filter' } as unknown as SnapshotRecord], 'badRecord', '/records/0/kind'],
    ['a kind that every object has', [{ ...appRecord(1), kind: 'constructor' } as unknown as SnapshotRecord], 'badRecord', '/records/0/kind'],
    ['the same app twice', [appRecord(1), appRecord(1)], 'duplicateRecord', '/records/1'],
    ['the same slug twice', [pluginRecord(1, { slug: 'x' }), pluginRecord(2, { slug: 'x' })], 'duplicateSlug', '/records/1/data/slug'],
    ['a token without its app', [appRecord(1), tokenRecord(2, 3)], 'danglingReference', '/records/1/data/app_id'],
  ])('refuses %s, and building it is refused the same way', (_, records, code, path) => {
    expect(refusal(forge({}, records))).toMatchObject({ code: `snapshot.${code}`, path, epoch: 'epoch-1', revision: 42 });
    expect(() => buildSnapshot({ ...content, records })).toThrow(expect.objectContaining({ code: `snapshot.${code}`, details: expect.objectContaining({ path }) }));
  });

  it('takes plugins of a studio that pinned and limited nothing yet', () => {
    const { digest: _, limits: __, ...data } = pluginRecord(1).data as PluginData;
    for (const records of [[{ kind: 'plugin' as const, id: '1', data }], [pluginRecord(1, { digest: null, limits: null })]]) {
      expect(openSnapshot(forge({}, records), trust, null).records).toEqual(records);
    }
  });

  it('lists every fault of a record, and not more than anyone reads', () => {
    const records = Array.from({ length: 100 }, (_, index) => appRecord(index + 1, { name: 1, rate_limit: -1 } as object));
    expect.assertions(2);
    try {
      openSnapshot(forge({}, records), trust, null);
    } catch (error) {
      const pointers = (error as SluiceError).faults.map(({ pointer }) => pointer);
      expect(pointers).toHaveLength(20);
      expect(pointers.slice(0, 2)).toEqual(['/records/0/data/name', '/records/0/data/rate_limit']);
    }
  });
});

describe('refusalOf', () => {
  it('stands for an error that is not ours without repeating its words', () => {
    expect(refusalOf(new Error('password=1'))).toEqual({ epoch: '', revision: 0, code: 'snapshot.failed', path: '', message: 'The snapshot could not be applied.' });
  });
});
