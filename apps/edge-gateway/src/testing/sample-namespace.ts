import {
  encodeChunk, encodeDelta, encodeIndex, generateSigningKey, newHeader, recordHash, RecordTree, recordText, signHeader, type RecordName, type SignedHeader, type SigningKey,
  type SnapshotHeader, type SnapshotRecord,
} from '@sluice/config-snapshot';

export interface SampleRevision {
  signed: SignedHeader;
  delta: Buffer;
  index: Buffer;
  chunk(prefix: number): Buffer;
}

interface ChangeOptions {
  signer?: SigningKey;
  header?: Partial<SnapshotHeader>;
}

/** A studio's side of a namespace: each change makes a revision. */
export class SampleNamespace {
  private readonly records = new Map<string, { hash: Buffer; text: string }>();
  private readonly tree = RecordTree.empty();
  private parent: number | null = null;

  constructor(
    readonly key: SigningKey = generateSigningKey(),
    readonly namespace = '',
    private epoch = 'epoch-1',
  ) {}

  get trust() {
    return { publicKeys: new Map([[this.key.keyId, this.key.publicKey]]), namespace: this.namespace };
  }

  get revision(): number {
    return this.parent ?? 0;
  }

  change(upserts: readonly SnapshotRecord[], deletes: readonly RecordName[] = [], { signer = this.key, header = {} }: ChangeOptions = {}): SampleRevision {
    const texts = upserts.map(recordText);
    for (const { kind, id } of deletes) this.forget(`${kind} ${id}`);
    for (const [index, { kind, id }] of upserts.entries()) {
      this.forget(`${kind} ${id}`);
      const record = { hash: recordHash(texts[index]!), text: texts[index]! };
      this.records.set(`${kind} ${id}`, record);
      this.tree.add(record.hash);
    }
    const { namespace, epoch, parent, tree } = this;
    const revision = header.revision ?? this.revision + 1;
    const content = { namespace, epoch, revision, parent, createdAt: new Date(1_700_000_000_000 + revision * 1_000), root: tree.root(), records: tree.size };
    const signed = signHeader({ ...newHeader(content), ...header }, signer.privateKey);
    this.parent = revision;
    return { signed, delta: encodeDelta({ signed, deletes, upserts: texts }), index: encodeIndex(signed, tree), chunk: this.chunks() };
  }

  /** As after a restore from backup: the same records in a new history. */
  newEpoch(epoch: string): void {
    this.epoch = epoch;
    this.parent = null;
  }

  private chunks(): (prefix: number) => Buffer {
    const records = [...this.records.values()];
    return (prefix) => encodeChunk(records.filter(({ hash }) => hash[0] === prefix));
  }

  private forget(name: string): void {
    const before = this.records.get(name);
    if (before) this.tree.delete(before.hash);
    this.records.delete(name);
  }
}
