import { buildSnapshot } from './build-snapshot';
import { encodeSnapshot } from './encode-snapshot';
import { openSnapshot } from './open-snapshot';
import { peekHeader } from './peek-header';
import { signSnapshot } from './sign-snapshot';
import { generateSigningKey } from '../signing-keys';
import { appRecord, pluginRecord, tokenRecord } from '../sample-records.fixture';
import type { SnapshotRecord } from '../records';

const signer = generateSigningKey();
const frame = { namespace: '', epoch: 'e', revision: 1, parent: null, createdAt: new Date(0) };
const build = (records: readonly SnapshotRecord[]) => encodeSnapshot(signSnapshot(buildSnapshot({ ...frame, records }), signer.privateKey));

describe('buildSnapshot', () => {
  it('gives equal bytes for equal content in any order', () => {
    const records = [...Array(12).keys()].map((index) => appRecord(index + 1)).concat(pluginRecord(4), tokenRecord(8, 3));
    const backwards = [...records].reverse().map((record) => ({ data: Object.fromEntries(Object.entries(record.data).reverse()), id: record.id, kind: record.kind }));
    expect(build(backwards as unknown as SnapshotRecord[]).equals(build(records))).toBe(true);
  });

  it('leaves the given list as it was', () => {
    const records = [appRecord(2), appRecord(1)];
    buildSnapshot({ ...frame, records });
    expect(records.map(({ id }) => id)).toEqual(['2', '1']);
  });

  it('handles 100,000 apps with a token each', () => {
    const records = [...Array(100_000).keys()].flatMap((index) => [appRecord(index + 1), tokenRecord(index + 1, index + 1)]);
    const body = build(records);
    const opened = openSnapshot(body, { publicKeys: new Map([[signer.keyId, signer.publicKey]]), namespace: '' }, null);
    expect(opened.records).toHaveLength(200_000);
  }, 120_000);
});

describe('peekHeader', () => {
  it('reads the header without the rest', () => {
    const body = build([pluginRecord(1, { name: ',"key_id":"' })]);
    expect(peekHeader(body)).toMatchObject({ epoch: 'e', revision: 1 });
    expect(peekHeader(body.subarray(0, 400))).toEqual(peekHeader(body));
  });

  it.each(['', 'nonsense', '{"header":1,"key_id":"', '{"header":{"epoch":1},"key_id":"', '[1,"key_id":"'])('finds none in %p', (text) => {
    expect(peekHeader(Buffer.from(text))).toBeUndefined();
  });
});
