import { sign } from 'node:crypto';
import { applyDelta } from './apply-delta';
import { encodeDelta } from './encode-delta';
import { openDelta } from './open-delta';
import { recordHash, recordText } from './record-hash';
import { isUnchanged, refusalOf } from './refusal';
import { appRecord, pluginRecord, tokenRecord } from './sample-records.fixture';
import { SampleNamespace, type SampleRevision } from './sample-namespace.fixture';
import { generateSigningKey } from './signing-keys';
import type { SnapshotRecord } from './records';
import type { AppliedRevision, SnapshotTrust } from './snapshot-trust';

let studio: SampleNamespace;
let first: SampleRevision;

beforeEach(() => {
  studio = new SampleNamespace();
  first = studio.change([appRecord(1), appRecord(2), tokenRecord(5, 1), pluginRecord(3)]);
});

/** Applies to what `before` left, as a gateway does. */
function apply(delta: Uint8Array, before: SampleRevision, applied: AppliedRevision | null = before.signed.header, trust: SnapshotTrust = studio.trust) {
  const opened = openDelta(delta, trust, applied);
  const hashOf = (name: { kind: string; id: string }) => {
    const text = before.texts.get(`${name.kind} ${name.id}`);
    return text === undefined ? undefined : recordHash(text);
  };
  return { header: opened.signed.header, changes: [...applyDelta(opened, before.tree, hashOf)] };
}

function refusal(...parameters: Parameters<typeof apply>) {
  const { tree } = parameters[1];
  const root = tree.root();
  try {
    apply(...parameters);
  } catch (error) {
    // Whatever was wrong, the parent is as it was.
    expect(tree.root()).toBe(root);
    return refusalOf(error);
  }
  throw new Error('The delta was accepted.');
}

describe('a delta', () => {
  it('carries what is gone, tokens first, and what is new, and says where it leads', () => {
    const next = studio.change([appRecord(2, { name: 'Renamed' }), appRecord(7)], [{ kind: 'plugin', id: '3' }, { kind: 'token', id: '5' }]);
    const { header, changes } = apply(next.delta, first);
    expect(header).toEqual(next.signed.header);
    expect(changes.map((change) => (change.change === 'delete' ? ['delete', change.name.kind, change.name.id] : ['upsert', change.record.kind, change.record.id]))).toEqual([
      ['delete', 'token', '5'],
      ['delete', 'plugin', '3'],
      ['upsert', 'app', '2'],
      ['upsert', 'app', '7'],
    ]);
  });

  it('of one app is less than 1 KB', () => {
    expect(studio.change([appRecord(2, { name: 'Renamed' })]).delta.length).toBeLessThan(1_000);
  });

  it('from nothing is the first of an epoch', () => {
    const { signed, changes } = openDelta(first.delta, studio.trust, null);
    expect(signed.header.parent).toBeNull();
    expect([...changes()]).toHaveLength(4);
  });

  it('can be taken back when it has been made', () => {
    const root = first.tree.root();
    const next = studio.change([appRecord(8)], [{ kind: 'plugin', id: '3' }]);
    const hashOf = ({ kind, id }: { kind: string; id: string }) => (first.texts.has(`${kind} ${id}`) ? recordHash(first.texts.get(`${kind} ${id}`)!) : undefined);
    const walk = applyDelta(openDelta(next.delta, studio.trust, first.signed.header), first.tree, hashOf);
    let step = walk.next();
    while (!step.done) step = walk.next();
    expect(first.tree.root()).toBe(next.signed.header.root);
    step.value();
    expect(first.tree.root()).toBe(root);
  });

  it('that nobody walks to its end changes nothing', () => {
    const root = first.tree.root();
    const opened = openDelta(studio.change([appRecord(8), appRecord(9)]).delta, studio.trust, first.signed.header);
    for (const change of applyDelta(opened, first.tree, () => undefined)) if (change.change === 'upsert') break;
    expect(first.tree.root()).toBe(root);
  });

  it('can be empty', () => {
    expect(apply(studio.change([]).delta, first).changes).toEqual([]);
  });

  it('carries text of any kind', () => {
    const name = 'grüße 🎈 "{[\\]}" \u2028 \u0000 ],"upserts":[{';
    const next = studio.change([appRecord(2, { name })]);
    expect(apply(next.delta, first).changes[0]).toMatchObject({ record: { data: { name } } });
  });

  it('carries records of a kind that this version does not know, and says so', () => {
    const unknown = { kind: 'filter', id: 'x', data: { b: 1, a: 2 } } as unknown as SnapshotRecord;
    const next = studio.change([unknown]);
    expect(apply(next.delta, first).changes).toMatchObject([{ change: 'upsert', known: false, record: { kind: 'filter' } }]);
  });
});

describe('openDelta', () => {
  it('says that there is a gap', () => {
    studio.change([appRecord(8)]);
    const third = studio.change([appRecord(9)]);
    expect(refusal(third.delta, first)).toMatchObject({ code: 'snapshot.wrongParent', path: '/header/parent', revision: 3 });
    expect(refusal(third.delta, first, null)).toMatchObject({ code: 'snapshot.wrongParent' });
    expect(refusal(third.delta, first, { epoch: 'epoch-0', revision: 2, created_at: '2020-01-01T00:00:00Z' })).toMatchObject({ code: 'snapshot.wrongParent' });
  });

  it('tells what was applied from what is old', () => {
    const second = studio.change([appRecord(8)]);
    expect(refusal(first.delta, second)).toMatchObject({ code: 'snapshot.staleRevision', path: '/header/revision' });
    try {
      apply(second.delta, first, second.signed.header);
    } catch (error) {
      expect(isUnchanged(error)).toBe(true);
    }
    expect.assertions(3);
  });

  it('refuses a key that is not pinned, and a signature of another key', () => {
    const stranger = generateSigningKey();
    const { delta, signed } = studio.change([appRecord(8)]);
    expect(refusal(delta, first, first.signed.header, { ...studio.trust, publicKeys: new Map([[stranger.keyId, stranger.publicKey]]) })).toMatchObject({ code: 'snapshot.unknownKey', path: '/key_id' });
    const forged = encodeDelta({ signed: { ...signed, signature: sign(null, Buffer.from('x'), stranger.privateKey).toString('base64url') }, deletes: [], upserts: [recordText(appRecord(8))] });
    expect(refusal(forged, first)).toMatchObject({ code: 'snapshot.badSignature', path: '/signature' });
  });

  it('refuses another namespace', () => {
    expect(refusal(studio.change([]).delta, first, first.signed.header, { ...studio.trust, namespace: '' })).toMatchObject({ code: 'snapshot.wrongNamespace' });
  });

  it('takes the next format when that says so, and keeps what it does not know of it', () => {
    const later = studio.change([appRecord(8)], [], { format: 3, min_reader: 2, shards: 4 } as object);
    expect(apply(later.delta, first).header).toMatchObject({ format: 3, shards: 4 });
  });

  it.each([
    [{ format: 3, min_reader: 3 }],
    [{ format: 4, min_reader: 1 }],
    [{ format: 1 }],
  ])('refuses format %j', (header) => {
    expect(refusal(studio.change([appRecord(8)], [], header).delta, first)).toMatchObject({ code: 'snapshot.unknownFormat', path: '/header/format' });
  });

  it('refuses a kind that it has to know and does not', () => {
    const later = studio.change([appRecord(8)], [], { required_kinds: ['app', 'firewall'] });
    expect(refusal(later.delta, first)).toMatchObject({ code: 'snapshot.unknownKind', path: '/header/required_kinds/1', revision: 2 });
  });
});

describe('applyDelta, on what the studio should not have signed, and on what somebody changed on the way', () => {
  it.each<[string, (of: { signed: SampleRevision['signed'] }) => Parameters<typeof encodeDelta>[0], string, string]>([
    ['other records than the signed ones', ({ signed }) => ({ signed, deletes: [], upserts: [recordText(appRecord(9))] }), 'badRoot', '/header/root'],
    ['a record less', ({ signed }) => ({ signed, deletes: [], upserts: [] }), 'badRoot', '/header/records'],
    ['a delete of nothing', ({ signed }) => ({ signed, deletes: [{ kind: 'app', id: '77' }], upserts: [recordText(appRecord(8))] }), 'badDelta', '/records/app/77'],
    ['a record that is there already', ({ signed }) => ({ signed, deletes: [], upserts: [recordText(appRecord(8)), recordText(appRecord(1))] }), 'badDelta', '/records/app/1'],
    ['a record deleted and written', ({ signed }) => ({ signed, deletes: [{ kind: 'app', id: '1' }], upserts: [recordText(appRecord(8)), recordText(appRecord(1, { name: 'B' }))] }), 'badDelta', '/records/app/1'],
    ['a text that is not canonical', ({ signed }) => ({ signed, deletes: [], upserts: [JSON.stringify(appRecord(8))] }), 'badEncoding', '/records/app/8'],
  ])('refuses %s', (_, make, code, path) => {
    const { signed } = studio.change([appRecord(8)]);
    expect(refusal(encodeDelta(make({ signed })), first)).toMatchObject({ code: `snapshot.${code}`, path });
  });

  it('refuses a record that does not fit its kind, and says where', () => {
    const wrong = appRecord(8, { name: 7, rate_limit: -1 } as object);
    expect(refusal(studio.change([wrong]).delta, first)).toMatchObject({ code: 'snapshot.badRecord', path: '/records/app/8/data/name' });
    const other = new SampleNamespace();
    const before = other.change([]);
    expect(refusal(other.change([{ ...appRecord(8), id: '9' }]).delta, before, before.signed.header, other.trust)).toMatchObject({ code: 'snapshot.badRecord', path: '/records/app/9/id' });
  });

  it('refuses upserts in another order', () => {
    const { delta } = studio.change([appRecord(8), appRecord(9)]);
    const [eight, nine] = [appRecord(8), appRecord(9)].map(recordText);
    const swapped = Buffer.from(delta.toString().replace(`${eight},${nine}`, `${nine},${eight}`));
    expect(swapped.equals(delta)).toBe(false);
    expect(refusal(swapped, first)).toMatchObject({ code: 'snapshot.badEncoding', path: '/upserts' });
  });
});
