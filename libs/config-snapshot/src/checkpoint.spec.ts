import { encodeChunk, encodeIndex } from './encode-checkpoint';
import { openIndex } from './open-index';
import { proveChunk } from './prove-chunk';
import { recordHash } from './record-hash';
import { RecordTree } from './record-tree';
import { refusalOf } from './refusal';
import { appRecord, tokenRecord } from './sample-records.fixture';
import { SampleNamespace } from './sample-namespace.fixture';

const studio = new SampleNamespace();
const { signed, tree, texts } = studio.change([...Array.from({ length: 600 }, (_, id) => appRecord(id + 1)), tokenRecord(1, 1)]);
const blob = encodeIndex(signed, tree);
const records = [...texts.values()].map((text) => ({ text, hash: recordHash(text) }));
const chunkOf = (prefix: number) => encodeChunk(records.filter(({ hash }) => hash[0] === prefix));

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    return refusalOf(error).code;
  }
  return 'accepted';
};

describe('a checkpoint', () => {
  it('gives back every record, each chunk proved by the index alone', () => {
    const opened = openIndex(blob, studio.trust);
    expect(opened.signed).toEqual(signed);
    const rebuilt = RecordTree.empty();
    const found: string[] = [];
    for (let prefix = 0; prefix < 256; prefix++) {
      const chunk = proveChunk(chunkOf(prefix), prefix, opened.index.subarray(prefix * 32, prefix * 32 + 32));
      rebuilt.replace(prefix, chunk.hashes, prefix % 2 === 0 ? chunk.leaves : undefined);
      for (let position = 0; position < chunk.count; position++) found.push(chunk.text(position));
    }
    expect(found.sort()).toEqual([...texts.values()].sort());
    expect(rebuilt.root()).toBe(signed.header.root);
    expect(rebuilt.delete(records[0]!.hash) && rebuilt.root()).toBe(RecordTree.of(records.slice(1).map((record) => record.hash)).root());
  });

  it('of nothing has empty chunks', () => {
    const nothing = new SampleNamespace().change([]);
    expect(proveChunk(Buffer.alloc(0), 3, encodeIndex(nothing.signed, nothing.tree).subarray(-32)).count).toBe(0);
  });
});

describe('openIndex', () => {
  it.each<[string, Buffer, string]>([
    ['cut short', blob.subarray(0, -1), 'badEncoding'],
    ['empty', Buffer.alloc(0), 'badEncoding'],
    ['too long', Buffer.concat([Buffer.alloc(20_000, 0x20), blob]), 'tooLarge'],
    ['with another index', Buffer.concat([blob.subarray(0, -1), Buffer.from([blob.at(-1)! ^ 1])]), 'badRoot'],
    ['with a space in the header', Buffer.concat([Buffer.from(' '), blob]), 'badEncoding'],
  ])('refuses one that is %s', (_, bytes, code) => {
    expect(codeOf(() => openIndex(bytes, studio.trust))).toBe(`snapshot.${code}`);
  });
});

describe('proveChunk', () => {
  const prefix = records[0]!.hash[0]!;
  const chunk = chunkOf(prefix);
  const node = tree.node(prefix);
  const lines = chunk.toString().trimEnd().split('\n');

  it.each<[string, Buffer]>([
    ['without its last line feed', chunk.subarray(0, -1)],
    ['with a record twice', Buffer.concat([Buffer.from(`${lines[0]}\n`), chunk])],
    ['without a record', Buffer.from(lines.slice(1).map((line) => `${line}\n`).join(''))],
    ['of another prefix', chunkOf((prefix + 1) % 256)],
    ['with an empty line', Buffer.concat([chunk, Buffer.from('\n')])],
    ['of rubbish', Buffer.alloc(100_000, 0x0a)],
  ])('refuses a chunk %s', (_, bytes) => {
    expect(codeOf(() => proveChunk(bytes, prefix, node))).toBe('snapshot.badRoot');
  });
});
