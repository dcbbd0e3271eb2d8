import { deriveEdgeKeys, encodeSnapshot, generateSigningKey, sealConfig, type PluginData, type SnapshotRefusal, type SnapshotRecord } from '@sluice/config-snapshot';
import { FakeClock } from '@sluice/kernel';
import { pino } from 'pino';
import { appRecord, pluginRecord, signedSnapshot, tokenRecord } from '../testing/records';
import { CurrentState } from './current-state';
import type { GatewayState, SnapshotSource } from './gateway-state';
import { SnapshotApplier } from './snapshot-applier';
import type { StoredVerdict } from './snapshot-store';

const key = generateSigningKey();
const stranger = generateSigningKey();
const { secretKey } = deriveEdgeKeys(Buffer.alloc(32, 3));
const keys = { publicKeys: new Map([[key.keyId, key.publicKey]]), namespace: '', secretKey };
const records = [appRecord({ id: 1 }), tokenRecord({ id: 1, app_id: 1, hash: 'a'.repeat(64) }), pluginRecord({ id: 7, slug: 'echo' })];

class FakeStore {
  saved: Uint8Array[] = [];
  stored: Uint8Array[] = [];
  verdicts: StoredVerdict[] = [];
  broken = false;

  async save(body: Uint8Array): Promise<void> {
    if (this.broken) throw new Error('No space left on device.');
    this.saved.push(body);
  }

  async load(read: (body: Uint8Array, file: string) => StoredVerdict): Promise<void> {
    for (const body of this.stored) {
      this.verdicts.push(read(body, 'snapshot.json'));
      if (this.verdicts.at(-1) === 'used') return;
    }
  }
}

let current: CurrentState;
let store: FakeStore;
let applier: SnapshotApplier;
let fleets: (readonly PluginData[])[];
let reports: string[];

beforeEach(() => {
  current = new CurrentState();
  store = new FakeStore();
  fleets = [];
  reports = [];
  const reporter = {
    applied: (state: GatewayState) => void reports.push(`applied ${state.revision} from ${state.source}`),
    refused: (refusal: SnapshotRefusal, source: SnapshotSource) => void reports.push(`refused ${refusal.revision} from ${source}: ${refusal.code} ${refusal.path}`),
  };
  applier = new SnapshotApplier(keys, current, { apply: (plugins) => void fleets.push(plugins) }, store, reporter, new FakeClock(5), pino({ level: 'silent' }));
});

const bodyOf = (revision: number, options: { epoch?: string; createdAt?: Date; namespace?: string; signer?: typeof key; records?: SnapshotRecord[] } = {}) =>
  encodeSnapshot(signedSnapshot(options.records ?? records, revision, options.signer ?? key, options));
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a snapshot from the network', () => {
  it('is in force when it has been received, and then stored and acknowledged', async () => {
    const body = bodyOf(1);
    expect(applier.receive(body, 'redis')).toBe('applied');
    expect(current.get()).toMatchObject({ revision: 1, source: 'redis', appliedAtMs: 5 });
    expect(fleets.map((plugins) => plugins.map(({ id }) => id))).toEqual([[7]]);
    expect(reports).toEqual([]);
    await settle();
    expect(store.saved).toEqual([body]);
    expect(reports).toEqual(['applied 1 from redis']);
  });

  it('is acknowledged even when the disk is full', async () => {
    store.broken = true;
    expect(applier.receive(bodyOf(1), 'http')).toBe('applied');
    await settle();
    expect(reports).toEqual(['applied 1 from http']);
  });

  it('is not acknowledged any more when a newer one is already in force', async () => {
    applier.receive(bodyOf(1), 'redis');
    applier.receive(bodyOf(2), 'redis');
    await settle();
    expect(reports).toEqual(['applied 2 from redis']);
  });

  it('that is in force already changes nothing', async () => {
    applier.receive(bodyOf(1), 'redis');
    expect(applier.receive(bodyOf(1), 'http')).toBe('unchanged');
    await settle();
    expect(fleets).toHaveLength(1);
    expect(reports).toEqual(['applied 1 from redis']);
  });

  it('of a new epoch is applied at a lower revision', () => {
    applier.receive(bodyOf(9), 'redis');
    expect(applier.receive(bodyOf(2, { epoch: 'epoch-2', createdAt: new Date(1_800_000_000_000) }), 'redis')).toBe('applied');
    expect(current.get()!.revision).toBe(2);
  });

  const flipped = () => {
    const body = Buffer.from(bodyOf(3));
    body[body.indexOf('Shop')]! ^= 1;
    return body;
  };

  it.each<[string, () => Uint8Array, string]>([
    ['with a flipped bit', flipped, 'refused 3 from redis: snapshot.badRoot /header/root'],
    ['signed with another key', () => bodyOf(3, { signer: stranger }), 'refused 3 from redis: snapshot.unknownKey /key_id'],
    ['of an older revision', () => bodyOf(1), 'refused 1 from redis: snapshot.staleRevision /header/revision'],
    ['of another namespace', () => bodyOf(3, { namespace: 'eu' }), 'refused 3 from redis: snapshot.wrongNamespace /header/namespace'],
    ['that is cut off', () => bodyOf(3).subarray(0, 100), 'refused 0 from redis: snapshot.badEncoding '],
    ['with secrets that do not open', () => bodyOf(3, { records: [pluginRecord({ id: 7, config: sealConfig({ key: 'x' }, ['/key'], Buffer.alloc(32), 'plugin 7') })] }), 'refused 3 from redis: snapshot.badSeal /key'],
  ])('%s is refused whole, and the one before it stays', (_, body, report) => {
    applier.receive(bodyOf(2), 'redis');
    const before = current.get();
    expect(applier.receive(body(), 'redis')).toBe('refused');
    expect(current.get()).toBe(before);
    expect(fleets).toHaveLength(1);
    expect(reports).toEqual([report]);
  });

  it('that is refused again and again is reported once', () => {
    const bad = bodyOf(3, { signer: stranger });
    for (let poll = 0; poll < 3; poll++) expect(applier.receive(bad, 'redis')).toBe('refused');
    expect(reports).toHaveLength(1);
    applier.receive(bodyOf(4), 'redis');
    applier.receive(bad, 'redis');
    expect(reports).toHaveLength(2);
  });

  it('has the secrets of plugins opened for the host', () => {
    const config = sealConfig({ slug: 'echo', key: 'secret' }, ['/key'], secretKey, 'plugin 7');
    applier.receive(bodyOf(1, { records: [pluginRecord({ id: 7, slug: 'echo', config })] }), 'redis');
    expect(fleets[0]![0]!.config).toEqual({ slug: 'echo', key: 'secret' });
  });
});

describe('a start from disk', () => {
  it('uses the stored snapshot and does not write it again', async () => {
    store.stored = [bodyOf(4)];
    await applier.startFromDisk();
    expect(current.get()).toMatchObject({ revision: 4, source: 'disk' });
    expect(store.saved).toEqual([]);
    expect(reports).toEqual(['applied 4 from disk']);
  });

  it('passes over a damaged one for the one before it', async () => {
    const torn = bodyOf(4).subarray(0, 200);
    store.stored = [torn, bodyOf(3)];
    await applier.startFromDisk();
    expect(store.verdicts).toEqual(['damaged', 'used']);
    expect(current.get()!.revision).toBe(3);
  });

  it('leaves a good one alone that this gateway is not set up for', async () => {
    store.stored = [bodyOf(4, { signer: stranger }), bodyOf(4, { namespace: 'eu' })];
    await applier.startFromDisk();
    expect(store.verdicts).toEqual(['unusable', 'unusable']);
    expect(current.get()).toBeUndefined();
  });

  it('takes a newer one from the network afterwards, and no older one', async () => {
    store.stored = [bodyOf(4)];
    await applier.startFromDisk();
    expect(applier.receive(bodyOf(3), 'redis')).toBe('refused');
    expect(applier.receive(bodyOf(5), 'redis')).toBe('applied');
  });
});
