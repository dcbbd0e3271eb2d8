import { encodeDelta } from './encode-delta';
import type { RecordName } from './record-name';
import { recordHash, recordText } from './record-hash';
import { RecordTree } from './record-tree';
import type { SnapshotRecord } from './records';
import { signHeader } from './sign-header';
import { generateSigningKey } from './signing-keys';
import { newHeader, type SignedHeader, type SnapshotHeader } from './snapshot-header';
import type { SnapshotTrust } from './snapshot-trust';

export interface SampleRevision {
  signed: SignedHeader;
  delta: Buffer;
  tree: RecordTree;
  /** By kind and id. */
  texts: ReadonlyMap<string, string>;
}

/** A studio's side of a namespace for specs: each change makes a revision. */
export class SampleNamespace {
  readonly key = generateSigningKey();
  private texts = new Map<string, string>();
  private parent: number | null = null;

  constructor(readonly namespace = 'eu') {}

  get trust(): SnapshotTrust {
    return { publicKeys: new Map([[this.key.keyId, this.key.publicKey]]), namespace: this.namespace };
  }

  change(upserts: readonly SnapshotRecord[], deletes: readonly RecordName[] = [], header: Partial<SnapshotHeader> = {}): SampleRevision {
    for (const { kind, id } of deletes) this.texts.delete(`${kind} ${id}`);
    for (const record of upserts) this.texts.set(`${record.kind} ${record.id}`, recordText(record));
    const tree = RecordTree.of([...this.texts.values()].map(recordHash));
    const revision = (this.parent ?? 0) + 1;
    const content = { namespace: this.namespace, epoch: 'epoch-1', revision, parent: this.parent, createdAt: new Date(1_760_000_000_000 + revision), root: tree.root(), records: tree.size };
    const signed = signHeader({ ...newHeader(content), ...header }, this.key.privateKey);
    this.parent = revision;
    return { signed, delta: encodeDelta({ signed, deletes, upserts: upserts.map(recordText) }), tree, texts: new Map(this.texts) };
  }
}
