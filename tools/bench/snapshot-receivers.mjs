/**
 * Many gateways without the part that answers requests: the real receiver and the real proofs over a small table. A child process: it is sent
 * `{ redisUrl, publicKey, count }`, and sends `{ ready: true }` when all of them have a snapshot, and for each revision that all of them have,
 * `{ revision, at }` with the Unix milliseconds of each.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { applyDelta, isUnchanged, openDelta, openIndex, pinnedKeys, proveChunk, readRecord, recordHash, RecordTree, refusalOf } = require('@sluice/config-snapshot');
const { SnapshotReceiver } = require('@sluice/edge-link');

const unixMs = () => performance.timeOrigin + performance.now();
const ignore = () => undefined;
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const keyOf = ({ kind, id }) => `${kind} ${id}`;

class SimulatedGateway {
  #header;
  #tree = RecordTree.empty();
  #hashes = new Map();
  #trust;
  #onRevision;

  constructor(trust, onRevision) {
    this.#trust = trust;
    this.#onRevision = onRevision;
  }

  applied() {
    return this.#header;
  }

  delta(bytes) {
    try {
      const opened = openDelta(bytes, this.#trust, this.#header ?? null);
      for (const change of [...applyDelta(opened, this.#tree, (name) => this.#hashes.get(keyOf(name)))]) {
        if (change.change === 'delete') this.#hashes.delete(keyOf(change.name));
        else this.#hashes.set(keyOf(change.record), change.hash);
      }
      return this.#enforce(opened.signed.header);
    } catch (error) {
      if (isUnchanged(error)) return 'unchanged';
      return refusalOf(error).code === 'snapshot.wrongParent' ? 'gap' : 'refused';
    }
  }

  async checkpoint(blob, _source, chunk) {
    const { signed, index } = openIndex(blob, this.#trust);
    this.#hashes.clear();
    for (let prefix = 0; prefix < 256; prefix++) {
      const node = index.subarray(prefix * 32, prefix * 32 + 32);
      if (node.every((byte) => byte === 0)) continue;
      const bytes = await chunk(prefix, node.toString('hex'));
      if (!bytes) return 'incomplete';
      const proved = proveChunk(bytes, prefix, node);
      for (let position = 0; position < proved.count; position++) this.#hashes.set(keyOf(readRecord(proved.text(position)).record), recordHash(proved.text(position)));
    }
    this.#tree = RecordTree.of(this.#hashes.values());
    return this.#enforce(signed.header);
  }

  body() {
    return 'refused';
  }

  revocation() {
    return 'refused';
  }

  #enforce(header) {
    this.#header = header;
    this.#onRevision(header.revision);
    return 'applied';
  }
}

function start({ redisUrl, publicKey, count }) {
  const trust = { publicKeys: pinnedKeys([publicKey]), namespace: '' };
  const reached = new Map();
  let synced = 0;
  const listener = () => {
    let first = true;
    return (revision) => {
      if (first && ++synced === count) process.send({ ready: true });
      first = false;
      const at = reached.get(revision) ?? [];
      reached.set(revision, at);
      if (at.push(unixMs()) < count) return;
      process.send({ revision, at });
      reached.delete(revision);
    };
  };
  for (let index = 0; index < count; index++) {
    new SnapshotReceiver({ redisUrl, token: () => 'none', namespace: '', logger, consumer: new SimulatedGateway(trust, listener()) }).start();
  }
}

process.once('message', start);
process.once('disconnect', () => process.exit());
