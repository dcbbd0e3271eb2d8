import { createPrivateKey, type KeyObject } from 'node:crypto';
import { encodeDelta, recordHash, recordText, RecordTree, signHeader, type SignedHeader, type SnapshotHeader } from '@sluice/config-snapshot';
import { waitFor } from '@sluice/testing';
import type { FaultRun } from './fault-run';
import { HostileRedis } from './hostile-redis';

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
  ) {
    this.key = createPrivateKey({ key: Buffer.from(run.stack.keys.signingKey, 'base64'), format: 'der', type: 'pkcs8' });
  }

  /** Gateways hear nothing of the studio but through `gRPC` from here until `work` is done. They agree at first. */
  static async during(run: FaultRun, work: (impostor: Impostor) => Promise<void>): Promise<void> {
    const { stack } = run;
    await run.reaches(await run.change());
    await run.agree();
    const impostor = new Impostor(run, await HostileRedis.open(stack.redis.url.href));
    try {
      await stack.studioLines.redis.cut();
      await Promise.all(stack.gateways.map(({ lines }) => lines.http.cut()));
      await work(impostor);
    } finally {
      impostor.redis.close();
      await Promise.all([stack.studioLines.redis.mend(), ...stack.gateways.map(({ lines }) => lines.http.mend())]);
    }
  }

  /** Has the studio change something. */
  async untold(): Promise<UntoldChange> {
    const { revision, epoch } = await this.newest();
    await this.run.change();
    const path = `/deltas?epoch=${encodeURIComponent(epoch)}&after=${revision}`;
    const bytes = await waitFor(async () => (await this.ask(path))?.toString('utf8').split('\n')[0], { message: 'the studio has made a delta of the change' });
    const { signed, deletes, upserts } = JSON.parse(bytes) as { signed: SignedHeader; deletes: UntoldChange['deletes']; upserts: AnyRecord[] };
    return { signed, deletes, upserts: upserts.map((record) => recordText(record)), bytes: Buffer.from(bytes) };
  }

  /** The newest header that the studio has signed. */
  async newest(): Promise<SnapshotHeader> {
    const index = (await this.ask(''))!;
    return (JSON.parse(index.subarray(0, index.indexOf('\n')).toString('utf8')) as SignedHeader).header;
  }

  /** Every record of the studio's newest revision, as texts. */
  async records(): Promise<string[]> {
    const { epoch, revision } = await this.newest();
    const prefixes = Array.from({ length: 256 }, (_, prefix) => prefix.toString(16).padStart(2, '0'));
    const chunks: string[] = [];
    for (const prefix of prefixes) chunks.push((await this.ask(`/chunks/${prefix}?epoch=${encodeURIComponent(epoch)}&revision=${revision}`))?.toString('utf8') ?? '');
    return chunks.join('').split('\n').filter(Boolean);
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

  private async ask(path: string): Promise<Buffer | undefined> {
    const answer = await fetch(`${this.run.stack.studio.url}/edge/v1/snapshots/default${path}`, { headers: { authorization: `Bearer ${this.run.stack.keys.edgeJoinToken}` } });
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
  }
}

/** The tree of these records. */
export function treeOf(texts: readonly string[]): RecordTree {
  return RecordTree.of(texts.map((text) => recordHash(text)));
}
