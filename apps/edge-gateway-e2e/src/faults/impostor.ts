import { createPrivateKey, type KeyObject } from 'node:crypto';
import { encodeDelta, recordHash, recordText, RecordTree, signHeader, type SignedHeader, type SnapshotHeader } from '@sluice/config-snapshot';
import { waitFor } from '@sluice/testing';
import type { FaultRun } from './fault-run';
import { HostileRedis } from './hostile-redis';
import { StudioStorage } from './studio-storage';

type AnyRecord = Parameters<typeof recordText>[0];

/** A change as the studio made it, which nobody has been told of. */
export interface UntoldChange {
  signed: SignedHeader;
  deletes: { kind: string; id: string }[];
  upserts: string[];
  bytes: Buffer;
}

/** Stands in for the studio: keeps what it says from the gateways, and says something else, with its key or another one. */
export class Impostor {
  readonly key: KeyObject;

  private constructor(
    private readonly run: FaultRun,
    readonly redis: HostileRedis,
    private readonly storage: StudioStorage,
  ) {
    this.key = createPrivateKey({ key: Buffer.from(run.stack.keys.signingKey, 'base64'), format: 'der', type: 'pkcs8' });
  }

  /** Gateways hear nothing of the studio but through `gRPC` from here until `work` is done. They agree at first. */
  static async during(run: FaultRun, work: (impostor: Impostor) => Promise<void>): Promise<void> {
    const { stack } = run;
    await run.reaches(await run.change());
    await run.agree();
    const redis = await HostileRedis.open(stack.redis.url.href);
    const storage = await StudioStorage.open(stack.postgres.url.href);
    try {
      await stack.studioLines.redis.cut();
      await Promise.all(stack.gateways.map(({ lines }) => lines.http.cut()));
      await work(new Impostor(run, redis, storage));
    } finally {
      redis.close();
      await Promise.all([storage.close(), stack.studioLines.redis.mend(), ...stack.gateways.map(({ lines }) => lines.http.mend())]);
    }
  }

  /** Has the studio change something. */
  async untold(): Promise<UntoldChange> {
    const before = await this.storage.newest();
    await this.run.change();
    // A revision is built for whoever asks for it first, and here nobody else does for seconds.
    await this.run.api.call('POST', '/api/v1/snapshots/plan', {});
    const { delta } = await waitFor(async () => {
      const newest = await this.storage.newest();
      return newest.header.parent === before.header.revision && newest;
    }, { message: 'the studio has made a delta of the change' });
    if (!delta) throw new Error('The studio has stored no delta.');
    const { signed, deletes, upserts } = JSON.parse(delta.toString('utf8')) as { signed: SignedHeader; deletes: UntoldChange['deletes']; upserts: AnyRecord[] };
    return { signed, deletes, upserts: upserts.map((record) => recordText(record)), bytes: delta };
  }

  /** Every record of the studio's newest revision, as texts. */
  records(): Promise<string[]> {
    return this.storage.records();
  }

  /** That change with another header, signed anew. */
  signedAnew({ signed, deletes, upserts }: UntoldChange, header: Partial<SnapshotHeader> & Record<string, unknown>, key = this.key): Buffer {
    return encodeDelta({ signed: signHeader({ ...signed.header, ...header }, key), deletes: deletes as never, upserts });
  }

  /** Writes a delta where gateways look for it, points at what it claims to be, and announces it. */
  async say(delta: Buffer, { epoch, revision, root, parent }: Pick<SnapshotHeader, 'epoch' | 'revision' | 'root' | 'parent'>): Promise<void> {
    await this.redis.putDelta(epoch, parent ?? 0, delta);
    await this.redis.point({ epoch, revision, root });
    await this.redis.announce(Buffer.concat([Buffer.from(`${JSON.stringify({ epoch, revision, root, parent })}\n`), delta]));
  }
}

/** The tree of these records. */
export function treeOf(texts: readonly string[]): RecordTree {
  return RecordTree.of(texts.map((text) => recordHash(text)));
}
