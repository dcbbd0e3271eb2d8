import { deriveEdgeKeys, encodeRevocation, encodeSnapshot, generateSealingKey, generateSigningKey, sealConfig, signRevocation, type PluginData, type SnapshotRecord, type SnapshotRefusal } from '@sluice/config-snapshot';
import { FakeClock } from '@sluice/kernel';
import { pino } from 'pino';
import { appRecord, pluginRecord, signedSnapshot, tokenRecord } from '../testing/records';
import { SampleNamespace, type SampleRevision } from '../testing/sample-namespace';
import type { SnapshotContent } from './content/snapshot-content';
import { CurrentState } from './current-state';
import { Enforcement } from './enforcement';
import { GatewayKeyring } from './gateway-keyring';
import type { GatewayState, SnapshotSource } from './gateway-state';
import { RefusalReports } from './refusal-reports';
import { RevokedTokens } from './revoked-tokens';
import { SnapshotApplier } from './snapshot-applier';

const HASH = 'a'.repeat(64);
const stranger = generateSigningKey();
const shared = deriveEdgeKeys(Buffer.alloc(32, 3));
const { secretKey } = shared;
const sealingKey = generateSealingKey();
const records = [appRecord({ id: 1 }), tokenRecord({ id: 1, app_id: 1, hash: HASH }), pluginRecord({ id: 7, slug: 'echo' })];
const logger = pino({ level: 'silent' });

class FakeStore {
  kept: string[] = [];
  broken = false;

  keepDelta = async (content: SnapshotContent) => this.keep(`delta ${content.header.revision}`);
  keepWhole = async (content: SnapshotContent) => this.keep(`whole ${content.header.revision}`);
  keepBody = async () => this.keep('body');

  private keep(what: string): void {
    if (this.broken) throw new Error('No space left on device.');
    this.kept.push(what);
  }
}

let studio: SampleNamespace;
let current: CurrentState;
let store: FakeStore;
let applier: SnapshotApplier;
let fleets: (readonly PluginData[])[];
let reports: string[];

beforeEach(() => {
  studio = new SampleNamespace();
  current = new CurrentState();
  store = new FakeStore();
  fleets = [];
  reports = [];
  const reporter = {
    applied: (state: GatewayState) => void reports.push(`applied ${state.revision} from ${state.source}`),
    refused: (refusal: SnapshotRefusal, source: SnapshotSource) => void reports.push(`refused ${refusal.revision} from ${source}: ${refusal.code} ${refusal.path}`),
  };
  const revoked = new RevokedTokens();
  const keyring = new GatewayKeyring({ namespace: studio.trust.namespace, sealingKey, shared });
  const enforcement = new Enforcement(keyring, current, { apply: (plugins) => void fleets.push(plugins) }, revoked, new FakeClock(5), logger);
  applier = new SnapshotApplier(studio.trust, enforcement, revoked, store, new RefusalReports(reporter, logger), reporter, logger);
});

const settle = () => new Promise((resolve) => setImmediate(resolve));
const checkpoint = ({ index, chunk }: SampleRevision) => applier.checkpoint(index, 'redis', async (prefix) => chunk(prefix));
const usable = (hash = HASH) => current.get()?.usableToken(hash, 0)?.id;

describe('a delta', () => {
  it('is in force when it has been taken, and then stored and acknowledged', async () => {
    const { delta, signed } = studio.change(records);
    expect(applier.delta(delta, 'redis')).toBe('applied');
    expect(current.get()).toMatchObject({ revision: 1, source: 'redis', appliedAtMs: 5, header: signed.header });
    expect(usable()).toBe(1);
    expect(fleets.map((plugins) => plugins.map(({ id }) => id))).toEqual([[7]]);
    expect([reports, store.kept]).toEqual([[], ['delta 1']]);
    await settle();
    expect(reports).toEqual(['applied 1 from redis']);
  });

  it('changes what it names and nothing else, and the state before it is still what it was', () => {
    applier.delta(studio.change(records).delta, 'redis');
    const before = current.get()!;
    applier.delta(studio.change([appRecord({ id: 1, name: 'Renamed' }), appRecord({ id: 2 })], [{ kind: 'token', id: '1' }]).delta, 'redis');
    const after = current.get()!;
    expect([after.apps.get(1)!.data.name, after.apps.size, after.usableToken(HASH, 0)]).toEqual(['Renamed', 2, undefined]);
    expect([before.apps.get(1)!.data.name, before.apps.size, before.usableToken(HASH, 0)?.id]).toEqual(['Shop', 1, 1]);
    expect(after.pluginsBySlug).toBe(before.pluginsBySlug);
    // The processes of plugins are nobody's concern when no plugin has changed.
    expect(fleets).toHaveLength(1);
  });

  it('of an app is seen by its tokens at once', () => {
    applier.delta(studio.change(records).delta, 'redis');
    applier.delta(studio.change([appRecord({ id: 1, is_active: false })]).delta, 'redis');
    expect(usable()).toBeUndefined();
    applier.delta(studio.change([appRecord({ id: 1, name: 'Back' })]).delta, 'redis');
    expect(current.get()!.usableToken(HASH, 0)!.app.data.name).toBe('Back');
  });

  it('that is large is prepared beside what is in force, and nothing else is judged meanwhile', async () => {
    applier.delta(studio.change(records).delta, 'redis');
    const large = studio.change(Array.from({ length: 1_000 }, (_, index) => appRecord({ id: index + 10 })));
    const outcome = applier.delta(large.delta, 'redis');
    expect(applier.delta(large.delta, 'redis')).toBe('gap');
    expect(await outcome).toBe('applied');
    expect(current.get()!.apps.size).toBe(1_001);
  });

  it('is acknowledged even when the disk is full', async () => {
    store.broken = true;
    applier.delta(studio.change(records).delta, 'http');
    await settle();
    expect(reports).toEqual(['applied 1 from http']);
  });

  it('is not acknowledged any more when a newer one is already in force', async () => {
    for (const id of [1, 2]) applier.delta(studio.change([appRecord({ id })]).delta, 'redis');
    await settle();
    expect(reports).toEqual(['applied 2 from redis']);
  });

  it('that is in force already changes nothing; one that something is missing before is no refusal', async () => {
    const first = studio.change(records);
    applier.delta(first.delta, 'redis');
    expect(applier.delta(first.delta, 'redis')).toBe('unchanged');
    studio.change([appRecord({ id: 2 })]);
    expect(applier.delta(studio.change([appRecord({ id: 3 })]).delta, 'redis')).toBe('gap');
    await settle();
    expect(reports).toEqual(['applied 1 from redis']);
  });

  const flip = (delta: Buffer) => {
    const flipped = Buffer.from(delta);
    flipped[flipped.indexOf('Shop')]! ^= 1;
    return flipped;
  };
  const change = (upserts: SnapshotRecord[], options = {}) => studio.change(upserts, [], options).delta;

  it.each<[string, () => Buffer, string]>([
    ['with a flipped bit', () => flip(change([appRecord({ id: 2 })])), 'snapshot.badRoot /header/root'],
    ['signed with another key', () => change([appRecord({ id: 2 })], { signer: stranger }), 'snapshot.unknownKey /key_id'],
    ['of another namespace', () => change([appRecord({ id: 2 })], { header: { namespace: 'eu' } }), 'snapshot.wrongNamespace /header/namespace'],
    ['with a token of no app', () => change([tokenRecord({ id: 2, app_id: 9, hash: 'b'.repeat(64) })]), 'snapshot.danglingReference /records/token/2/data/app_id'],
    ['that leaves a token without its app', () => studio.change([], [{ kind: 'app', id: '1' }]).delta, 'snapshot.danglingReference /records/app/1'],
    ['with a slug twice', () => change([pluginRecord({ id: 8, slug: 'echo' })]), 'snapshot.duplicateSlug /records/plugin/8/data/slug'],
    ['with secrets that do not open', () => change([pluginRecord({ id: 8, config: sealConfig({ key: 'x' }, ['/key'], Buffer.alloc(32), 'plugin 8') })]), 'snapshot.badSeal /key'],
    ['with a kind that must be known', () => change([], { header: { required_kinds: ['firewall'] } }), 'snapshot.unknownKind /header/required_kinds/0'],
  ])('%s is refused whole; the state stays, and takes the next good one', (_, make, report) => {
    const first = studio.change(records);
    applier.delta(first.delta, 'redis');
    const before = current.get();
    expect(applier.delta(make(), 'redis')).toBe('refused');
    expect(current.get()).toBe(before);
    expect(fleets).toHaveLength(1);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain(report);

    const other = new SampleNamespace(studio.key);
    other.change(records);
    expect(applier.delta(other.change([appRecord({ id: 5 })]).delta, 'redis')).toBe('applied');
  });

  it('that is refused again and again is reported once', () => {
    applier.delta(studio.change(records).delta, 'redis');
    const bad = studio.change([appRecord({ id: 2 })], [], { signer: stranger }).delta;
    for (let poll = 0; poll < 3; poll++) expect(applier.delta(bad, 'redis')).toBe('refused');
    expect(reports).toHaveLength(1);
  });

  it('keeps records of kinds that it does not know, and lets go of them', async () => {
    const unknown = { kind: 'filter', id: 'x', data: { b: 1, a: ['ü'] } } as unknown as SnapshotRecord;
    applier.delta(studio.change([...records, unknown]).delta, 'redis');
    expect(current.get()!.tables.text({ kind: 'filter', id: 'x' })).toBe('{"data":{"a":["ü"],"b":1},"id":"x","kind":"filter"}');
    expect(applier.delta(studio.change([], [{ kind: 'filter', id: 'x' }]).delta, 'redis')).toBe('applied');
    expect(current.get()!.tables.others.size).toBe(0);
  });

  it('has the secrets of plugins opened for the host', () => {
    const config = sealConfig({ slug: 'echo', key: 'secret' }, ['/key'], secretKey, 'plugin 7');
    applier.delta(studio.change([pluginRecord({ id: 7, slug: 'echo', config })]).delta, 'redis');
    expect(fleets[0]![0]!.config).toEqual({ slug: 'echo', key: 'secret' });
  });
});

describe('a checkpoint', () => {
  it('gives a gateway all that it does not have', async () => {
    expect(await checkpoint(studio.change(records))).toBe('applied');
    expect([current.get()!.revision, usable()]).toEqual([1, 1]);
    await settle();
    expect([reports, store.kept]).toEqual([['applied 1 from redis'], ['whole 1']]);
  });

  it('is fetched where it differs, with what was deleted, changed and added', async () => {
    await checkpoint(studio.change(Array.from({ length: 300 }, (_, index) => appRecord({ id: index + 1 }))));
    const before = current.get()!;
    for (const id of [1, 2, 3]) studio.change([], [{ kind: 'app', id: String(id) }]);
    studio.change([appRecord({ id: 4, name: 'Renamed' })]);
    const last = studio.change([appRecord({ id: 900 }), tokenRecord({ id: 1, app_id: 900, hash: HASH })]);
    const fetched: number[] = [];
    expect(await applier.checkpoint(last.index, 'http', async (prefix) => (fetched.push(prefix), last.chunk(prefix)))).toBe('applied');
    const after = current.get()!;
    expect([after.apps.size, after.apps.get(1), after.apps.get(4)!.data.name, after.usableToken(HASH, 0)?.app.data.id]).toEqual([298, undefined, 'Renamed', 900]);
    expect(fetched.length).toBeLessThanOrEqual(7);
    expect(after.apps.get(5)).toBe(before.apps.get(5));
    expect([before.apps.size, before.apps.has(1)]).toEqual([300, true]);
    expect(applier.delta(studio.change([appRecord({ id: 901 })]).delta, 'redis')).toBe('applied');
  });

  it('of which a part cannot be had leaves everything as it was', async () => {
    await checkpoint(studio.change(records));
    const before = current.get();
    const next = studio.change([appRecord({ id: 2 }), appRecord({ id: 3 })]);
    expect(await applier.checkpoint(next.index, 'redis', async () => undefined)).toBe('incomplete');
    expect(await applier.checkpoint(next.index, 'redis', () => Promise.reject(new Error('away')))).toBe('incomplete');
    expect(current.get()).toBe(before);
    expect(reports.filter((report) => report.startsWith('refused'))).toEqual([]);
    expect(applier.delta(next.delta, 'redis')).toBe('applied');
  });

  it('with a chunk that is not the signed one is refused', async () => {
    await checkpoint(studio.change(records));
    const next = studio.change([appRecord({ id: 2 })]);
    expect(await applier.checkpoint(next.index, 'redis', async () => Buffer.from('{}\n'))).toBe('refused');
    expect(reports.at(-1)).toMatch(/^refused 0 from redis: snapshot.badRoot \/chunks\/[0-9a-f]{2}$/);
    expect(current.get()!.revision).toBe(1);
  });

  it('of an older revision is refused, and so is one of an abandoned epoch', async () => {
    const old = studio.change(records);
    await checkpoint(studio.change([appRecord({ id: 2 })]));
    expect(await checkpoint(old)).toBe('refused');
    studio.newEpoch('epoch-0');
    expect(await checkpoint(studio.change([], [], { header: { created_at: '2020-01-01T00:00:00.000Z' } }))).toBe('refused');
    expect(reports.filter((report) => report.startsWith('refused'))).toEqual([
      'refused 1 from redis: snapshot.staleRevision /header/revision',
      'refused 1 from redis: snapshot.staleRevision /header/epoch',
    ]);
  });

  it('of a new epoch is applied at a lower revision', async () => {
    for (const id of [1, 2, 3]) applier.delta(studio.change([appRecord({ id })]).delta, 'redis');
    studio.newEpoch('epoch-2');
    expect(await checkpoint(studio.change([], [], { header: { created_at: '2030-01-01T00:00:00.000Z' } }))).toBe('applied');
    expect(current.get()).toMatchObject({ revision: 1, header: { epoch: 'epoch-2' } });
    expect(current.get()!.apps.size).toBe(3);
  });
});

describe('a revocation', () => {
  const notice = (revision: number, hash = HASH, signer = studio.key) => encodeRevocation(signRevocation({ namespace: '', epoch: 'epoch-1', revision, token_hashes: [hash] }, signer.privateKey));

  it('holds at once, and until its revision is in force', () => {
    applier.delta(studio.change(records).delta, 'redis');
    const seen: (number | undefined)[] = [];
    current.onSwap((state) => seen.push(state.usableToken(HASH, 0)?.id));
    expect(applier.revocation(notice(3), 'redis')).toBe('applied');
    expect(usable()).toBeUndefined();
    applier.delta(studio.change([tokenRecord({ id: 1, app_id: 1, hash: HASH, scopes: ['more'] })]).delta, 'redis');
    expect(usable()).toBeUndefined();
    applier.delta(studio.change([appRecord({ id: 2 })]).delta, 'redis');
    // The studio has signed a revision in which the token stands: that is what holds.
    expect(usable()).toBe(1);
    expect(seen).toEqual([undefined, undefined, 1]);
  });

  it('that is old, played back, for another epoch or from a stranger changes nothing', () => {
    applier.delta(studio.change(records).delta, 'redis');
    expect(applier.revocation(notice(1), 'redis')).toBe('unchanged');
    expect(applier.revocation(notice(5, HASH, stranger), 'redis')).toBe('refused');
    const otherEpoch = encodeRevocation(signRevocation({ namespace: '', epoch: 'epoch-9', revision: 5, token_hashes: [HASH] }, studio.key.privateKey));
    expect(applier.revocation(otherEpoch, 'redis')).toBe('unchanged');
    expect(usable()).toBe(1);
    applier.revocation(notice(5), 'redis');
    expect(applier.revocation(notice(5), 'redis')).toBe('unchanged');
  });
});

describe('a snapshot in format 1', () => {
  it('is read by the version after it, and the deltas of format 2 go on from there', async () => {
    const body = encodeSnapshot(signedSnapshot(records, 1, studio.key));
    expect(applier.body(body, 'http')).toBe('applied');
    expect([usable(), store.kept]).toEqual([1, ['body']]);
    const { delta, index, chunk } = studio.change(records);
    expect(await applier.checkpoint(index, 'redis', async (prefix) => chunk(prefix))).toBe('applied');
    expect(current.get()!.header.format).toBe(2);
    expect(applier.delta(delta, 'redis')).toBe('unchanged');
    expect(applier.delta(studio.change([appRecord({ id: 2 })]).delta, 'redis')).toBe('applied');
  });

  it('is followed by a delta in format 2 without more ado', () => {
    applier.body(encodeSnapshot(signedSnapshot(records, 1, studio.key)), 'redis');
    studio.change(records);
    expect(applier.delta(studio.change([], [{ kind: 'token', id: '1' }]).delta, 'redis')).toBe('applied');
    expect(usable()).toBeUndefined();
  });

  it('that is refused is reported by what it says of itself', () => {
    expect(applier.body(encodeSnapshot(signedSnapshot(records, 3, stranger)), 'redis')).toBe('refused');
    expect(reports).toEqual(['refused 3 from redis: snapshot.unknownKey /key_id']);
  });
});
