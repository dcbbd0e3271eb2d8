import { randomUUID } from 'node:crypto';
import {
  encodeChunk, encodeDelta, encodeIndex, generateSigningKey, newHeader, recordHash, RecordTree, recordText, signHeader, type SignedHeader, type SnapshotRecord,
} from '@sluice/config-snapshot';

export interface SampleRevision {
  signed: SignedHeader;
  delta: Buffer;
  index: Buffer;
  chunk(prefix: number): Buffer;
}

/** A studio's side of a namespace in format 2: every change is a revision. */
export class SampleNamespace {
  readonly key = generateSigningKey();
  epoch = 'epoch-1';
  private records = new Map<string, { hash: Buffer; text: string }>();
  private tree = RecordTree.empty();
  private parent: number | null = null;

  constructor(readonly namespace: string = randomUUID()) {}

  get trust() {
    return { publicKeys: new Map([[this.key.keyId, this.key.publicKey]]), namespace: this.namespace };
  }

  /** The next revision, or the given one. */
  change(upserts: readonly SnapshotRecord[], deletes: readonly { kind: string; id: string }[] = [], { revision = (this.parent ?? 0) + 1, createdAt = new Date() } = {}): SampleRevision {
    const texts = upserts.map(recordText);
    for (const { kind, id } of deletes) this.forget(`${kind} ${id}`);
    for (const [index, { kind, id }] of upserts.entries()) {
      this.forget(`${kind} ${id}`);
      const record = { hash: recordHash(texts[index]!), text: texts[index]! };
      this.records.set(`${kind} ${id}`, record);
      this.tree.add(record.hash);
    }
    const { namespace, epoch, parent, tree, key } = this;
    const signed = signHeader(newHeader({ namespace, epoch, revision, parent, createdAt, root: tree.root(), records: tree.size }), key.privateKey);
    this.parent = revision;
    const all = [...this.records.values()];
    return {
      signed,
      delta: encodeDelta({ signed, deletes, upserts: texts }),
      index: encodeIndex(signed, tree),
      chunk: (prefix) => encodeChunk(all.filter(({ hash }) => hash[0] === prefix)),
    };
  }

  /** As after a restore from backup: the same records in a new history. */
  newEpoch(epoch: string): void {
    this.epoch = epoch;
    this.parent = null;
  }

  private forget(name: string): void {
    const before = this.records.get(name);
    if (before) this.tree.delete(before.hash);
    this.records.delete(name);
  }
}

export function sampleApp(id: number, name = `App ${id}`): SnapshotRecord {
  const data = { id, name, description: '', owner_email: '', is_active: true, monthly_budget: null, rate_limit: 0, metadata: {}, namespace: '', created_at: 0, updated_at: 0 };
  return { kind: 'app', id: String(id), data };
}
