import { applyDelta } from './apply-delta';
import { encodeChunk, encodeIndex } from './encode-checkpoint';
import { openDelta } from './open-delta';
import { openIndex } from './open-index';
import { openRevocation } from './open-revocation';
import { proveChunk } from './prove-chunk';
import { recordHash } from './record-hash';
import { refusalOf } from './refusal';
import { encodeRevocation, signRevocation } from './revocation';
import { appRecord, pluginRecord, tokenRecord } from './sample-records.fixture';
import { SampleNamespace } from './sample-namespace.fixture';

const MUTATIONS = 10_000;

/** A small generator of its own, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const studio = new SampleNamespace();
const first = studio.change([appRecord(1, { name: 'grüße 🎈\ufffd' }), appRecord(2), pluginRecord(3), tokenRecord(5, 1), tokenRecord(6, 1)]);
const second = studio.change([appRecord(2, { name: 'Renamed \ufffd' }), appRecord(9), tokenRecord(7, 9)], [{ kind: 'token', id: '5' }, { kind: 'token', id: '6' }]);
const records = [...second.texts.values()].map((text) => ({ text, hash: recordHash(text) }));
const prefix = records[0]!.hash[0]!;
const hashOf = ({ kind, id }: { kind: string; id: string }) => {
  const text = first.texts.get(`${kind} ${id}`);
  return text === undefined ? undefined : recordHash(text);
};

/** Each takes the genuine bytes and no others. */
const readers: Record<string, { genuine: Buffer; read: (bytes: Buffer) => unknown }> = {
  delta: {
    genuine: second.delta,
    read: (bytes) => [...applyDelta(openDelta(bytes, studio.trust, first.signed.header), first.tree.fork(), hashOf)],
  },
  index: { genuine: encodeIndex(second.signed, second.tree), read: (bytes) => openIndex(bytes, studio.trust) },
  chunk: { genuine: encodeChunk(records.filter(({ hash }) => hash[0] === prefix)), read: (bytes) => proveChunk(bytes, prefix, second.tree.node(prefix)) },
  revocation: {
    genuine: encodeRevocation(signRevocation({ namespace: 'eu', epoch: 'epoch-1', revision: 3, token_hashes: ['a'.repeat(64)] }, studio.key.privateKey)),
    read: (bytes) => openRevocation(bytes, studio.trust),
  },
};

function mutate(genuine: Buffer, random: (below: number) => number): Buffer {
  const at = random(genuine.length);
  const to = at + 1 + random(20);
  switch (random(8)) {
    case 0:
      return Buffer.concat([genuine.subarray(0, at), genuine.subarray(to)]);
    case 1:
      return Buffer.concat([genuine.subarray(0, to), genuine.subarray(at)]);
    case 2:
      return genuine.subarray(0, at);
    case 3:
      return Buffer.concat([genuine.subarray(0, at), Buffer.from([random(256)]), genuine.subarray(at)]);
    case 4:
      // What a reader of text might take for the same text.
      return Buffer.from(genuine.toString('latin1').replace('\u00ef\u00bf\u00bd', '\u00ff'), 'latin1');
    case 5: {
      const swapped = Buffer.from(genuine);
      const other = random(genuine.length);
      [swapped[at], swapped[other]] = [genuine[other]!, genuine[at]!];
      return swapped;
    }
    default: {
      const flipped = Buffer.from(genuine);
      flipped[at]! ^= 1 << random(8);
      return flipped;
    }
  }
}

it.each(Object.entries(readers))(`takes the genuine %s and none of ${MUTATIONS / 4} mutations of it`, (_, { genuine, read }) => {
  const random = randomFrom(20_261_120);
  expect(() => read(genuine)).not.toThrow();
  const taken: string[] = [];
  for (let round = 0; round < MUTATIONS / 4; round++) {
    const bytes = mutate(genuine, random);
    if (bytes.equals(genuine)) continue;
    try {
      read(bytes);
      taken.push(bytes.toString('latin1'));
    } catch (error) {
      const { code } = refusalOf(error);
      if (!code.startsWith('snapshot.') || code === 'snapshot.failed') throw error;
    }
  }
  expect(taken).toEqual([]);
});
