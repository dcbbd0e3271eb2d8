import { randomUUID } from 'node:crypto';
import { buildSnapshot, encodeSnapshot, generateSigningKey, signSnapshot, type Format1Header } from '@sluice/config-snapshot';
import { sampleApp } from './sample-namespace';

/** A studio's side of a namespace in format 1: makes signed snapshots. */
export class SampleStudio {
  readonly key = generateSigningKey();

  constructor(readonly namespace: string = randomUUID()) {}

  get trust() {
    return { publicKeys: new Map([[this.key.keyId, this.key.publicKey]]), namespace: this.namespace };
  }

  snapshot(revision: number, { epoch = 'epoch-1', createdAt = new Date(), name = `as of ${revision}` } = {}): { header: Format1Header; body: Buffer } {
    const unsigned = buildSnapshot({ namespace: this.namespace, epoch, revision, parent: null, createdAt, records: [sampleApp(1, name)] });
    return { header: unsigned.header, body: encodeSnapshot(signSnapshot(unsigned, this.key.privateKey)) };
  }
}
