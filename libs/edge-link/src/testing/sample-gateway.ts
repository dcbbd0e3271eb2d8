import {
  applyDelta, checkNewer, isUnchanged, openDelta, openIndex, openRevocation, openSnapshot, proveChunk, readRecord, recordHash, RecordTree, recordText, refusalOf, type Format1Header, type SnapshotRecord,
  type SnapshotTrust,
} from '@sluice/config-snapshot';
import type { ChunkReader, SnapshotConsumer, SnapshotOutcome, SnapshotSource } from '../snapshots/snapshot-consumer';

/** A gateway's side: verifies and applies, and remembers what came. It keeps texts, and answers nobody. */
export class SampleGateway implements SnapshotConsumer {
  readonly outcomes: { what: string; outcome: SnapshotOutcome; source: SnapshotSource }[] = [];
  readonly refusals: string[] = [];
  readonly chunks: number[] = [];
  revokedHashes: string[] = [];
  /** By kind and id. */
  texts = new Map<string, string>();
  private header: Format1Header | undefined;
  private tree = RecordTree.empty();

  constructor(private readonly trust: SnapshotTrust) {}

  get revision(): number | undefined {
    return this.header?.revision;
  }

  applied(): Format1Header | undefined {
    return this.header;
  }

  delta(bytes: Buffer, source: SnapshotSource): SnapshotOutcome {
    return this.judge('delta', source, () => {
      const opened = openDelta(bytes, this.trust, this.header ?? null);
      const texts = new Map(this.texts);
      const hashOf = ({ kind, id }: { kind: string; id: string }) => {
        const text = this.texts.get(`${kind} ${id}`);
        return text === undefined ? undefined : recordHash(text);
      };
      for (const change of applyDelta(opened, this.tree, hashOf)) {
        if (change.change === 'delete') texts.delete(`${change.name.kind} ${change.name.id}`);
        else texts.set(`${change.record.kind} ${change.record.id}`, recordText(change.record as SnapshotRecord));
      }
      this.texts = texts;
      this.header = opened.signed.header;
    });
  }

  async checkpoint(index: Buffer, source: SnapshotSource, chunk: ChunkReader): Promise<SnapshotOutcome> {
    const fetched = new Map<number, Buffer>();
    const opened = this.open(index, source);
    if (typeof opened === 'string') return opened;
    for (let prefix = 0; prefix < 256; prefix++) {
      const node = opened.index.subarray(prefix * 32, prefix * 32 + 32);
      if (node.equals(this.tree.node(prefix))) continue;
      this.chunks.push(prefix);
      const bytes = node.equals(Buffer.alloc(32)) ? Buffer.alloc(0) : await chunk(prefix, node.toString('hex'));
      if (!bytes) return this.note('checkpoint', source, 'incomplete');
      fetched.set(prefix, bytes);
    }
    return this.judge('checkpoint', source, () => {
      const texts = new Map([...this.texts].filter(([, text]) => !fetched.has(recordHash(text)[0]!)));
      for (const [prefix, bytes] of fetched) {
        const proved = proveChunk(bytes, prefix, opened.index.subarray(prefix * 32, prefix * 32 + 32));
        for (let position = 0; position < proved.count; position++) texts.set(...nameAndText(proved.text(position)));
      }
      this.texts = texts;
      this.tree = RecordTree.of([...texts.values()].map(recordHash));
      this.header = opened.signed.header;
    });
  }

  body(bytes: Buffer, source: SnapshotSource): SnapshotOutcome {
    return this.judge('body', source, () => {
      this.header = openSnapshot(bytes, this.trust, this.header ?? null).header;
    });
  }

  revocation(bytes: Buffer, source: SnapshotSource): 'applied' | 'unchanged' | 'refused' {
    return this.judge('revocation', source, () => void (this.revokedHashes = openRevocation(bytes, this.trust).token_hashes)) as 'applied' | 'refused';
  }

  private open(index: Buffer, source: SnapshotSource) {
    try {
      const opened = openIndex(index, this.trust);
      if (this.header) checkNewer(opened.signed.header, this.header);
      return opened;
    } catch (error) {
      return this.judge('checkpoint', source, () => {
        throw error;
      });
    }
  }

  private judge(what: string, source: SnapshotSource, run: () => void): SnapshotOutcome {
    try {
      run();
      return this.note(what, source, 'applied');
    } catch (error) {
      if (isUnchanged(error)) return this.note(what, source, 'unchanged');
      const { code } = refusalOf(error);
      if (code === 'snapshot.wrongParent') return this.note(what, source, 'gap');
      this.refusals.push(code);
      return this.note(what, source, 'refused');
    }
  }

  private note(what: string, source: SnapshotSource, outcome: SnapshotOutcome): SnapshotOutcome {
    this.outcomes.push({ what, outcome, source });
    return outcome;
  }
}

function nameAndText(text: string): [string, string] {
  const { kind, id } = readRecord(text).record;
  return [`${kind} ${id}`, text];
}
