import { buildSnapshot, encodeSnapshot, recordHash, recordText, signSnapshot, type SnapshotRecord } from '@sluice/config-snapshot';
import { waitFor } from '@sluice/testing';
import type { Fault } from '../fault';
import type { FaultRun } from '../fault-run';
import { Impostor, treeOf } from '../impostor';

/** What a studio of the next version may say to these gateways, and what not. */
const oneNewer: Fault = {
  name: 'format one newer',
  async run(run) {
    await Impostor.during(run, async (impostor) => {
      const first = await impostor.untold();
      const { header } = first.signed;
      await refused(run, 'snapshot.unknownFormat', () => impostor.say(impostor.signedAnew(first, { format: 3, min_reader: 3 }), header));
      await refused(run, 'snapshot.unknownKind', () => impostor.say(impostor.signedAnew(first, { required_kinds: ['app', 'plugin', 'router', 'token'] }), header));
      // A record that these gateways do not know and do not need, and a field of the header that they do not know either.
      const router = recordText({ kind: 'router', id: '1', data: { id: 1, rules: [] } } as unknown as SnapshotRecord);
      const tree = treeOf(await impostor.records());
      tree.add(recordHash(router));
      const between = { ...header, root: tree.root(), records: tree.size };
      const fact = run.facts.newest;
      await impostor.say(impostor.signedAnew({ ...first, upserts: [...first.upserts, router] }, { ...between, format: 3, min_reader: 2, hint: 'later' }), between);
      await run.reaches(fact);
      const second = await impostor.untold();
      const deletes = [...second.deletes, { kind: 'router', id: '1' }];
      await impostor.say(impostor.signedAnew({ ...second, deletes }, { format: 3, min_reader: 2 }), second.signed.header);
      await run.reaches(run.facts.newest);
    });
  },
};

/** A document, as studios of the version before published. */
const oneOlder: Fault = {
  name: 'format one older',
  async run(run) {
    await Impostor.during(run, async (impostor) => {
      const { signed } = await impostor.untold();
      const { namespace, epoch, revision, parent } = signed.header;
      const records = (await impostor.records()).map((text) => JSON.parse(text) as SnapshotRecord);
      const body = encodeSnapshot(signSnapshot(buildSnapshot({ namespace, epoch, revision, parent, createdAt: new Date(), records }), impostor.key));
      const { root } = (JSON.parse(body.toString('utf8')) as { header: { root: string } }).header;
      await impostor.redis.putBody(epoch, revision, body);
      await impostor.redis.forgetCheckpoint();
      await impostor.redis.point({ epoch, revision, root });
      await impostor.redis.announce(Buffer.from(`${JSON.stringify({ epoch, revision, root, parent })}\n`));
      await run.reaches(run.facts.newest);
    });
  },
};

/** Said again until it is heard: a gateway that is still busy with what it refused before does not look at another thing of the same name. */
async function refused(run: FaultRun, code: string, say: () => Promise<void>): Promise<void> {
  for (const gateway of run.stack.gateways) {
    const counted = async (): Promise<boolean> => (await gateway.metric('sluice_snapshot_refusals_total', { code })) > 0;
    await waitFor(async () => (await say(), await counted()), { intervalMs: 200, message: `${gateway.name} counts a refusal ${code}` });
  }
}

export const formats: readonly Fault[] = [oneNewer, oneOlder];
