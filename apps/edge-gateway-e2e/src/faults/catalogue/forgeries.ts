import { generateSigningKey, recordHash, recordText, signHeader } from '@sluice/config-snapshot';
import { waitFor } from '@sluice/testing';
import { damaged } from '../damage';
import type { Fault } from '../fault';
import type { FaultRun } from '../fault-run';
import { HostileRedis } from '../hostile-redis';
import { Impostor, treeOf, type UntoldChange } from '../impostor';

const NEWS_MS = 500;
/** A flipped bit may make another name of a key or a namespace, which is no proof of damage; then the next checkpoint is what puts it right. */
const MENDED_MS = 60_000;

/** A change that no gateway may take from this impostor, as long as it may take for one that it does take. */
async function staysUntold(run: FaultRun, { signed }: UntoldChange): Promise<void> {
  await run.pause(run.time(300, 2_000));
  for (const { name } of run.stack.gateways) {
    const newest = run.checker.newestOf(name);
    if (newest && newest.revision >= signed.header.revision) run.checker.violation(`${name} took revision ${newest.revision} from an impostor`);
  }
}

async function refusals(run: FaultRun, code: string): Promise<number> {
  const each = await Promise.all(run.stack.gateways.map((gateway) => gateway.metric('sluice_snapshot_refusals_total', { code })));
  return each.filter((count) => count > 0).length;
}

async function allRefuse(run: FaultRun, code: string): Promise<void> {
  await waitFor(async () => (await refusals(run, code)) === run.stack.gateways.length, { message: `every gateway counts a refusal ${code}` });
}

const damagedOnTheWay: Fault = {
  name: 'bit flip and truncation',
  async run(run) {
    await Impostor.during(run, async (impostor) => {
      const change = await impostor.untold();
      for (let index = 0; index < run.time(20, 500); index++) await impostor.say(damaged(change.bytes, run.random), change.signed.header);
      await staysUntold(run, change);
    });
    await everythingDamaged(run);
  },
};

/** All that lies there, while the studio goes on, for a gateway that has nothing and nobody else to ask: the studio hears of it, and writes it anew. */
async function everythingDamaged(run: FaultRun): Promise<void> {
  const hostile = await HostileRedis.open(run.stack.redis.url.href);
  const gateway = run.anyGateway();
  try {
    await gateway.kill();
    gateway.forgetSnapshots();
    await gateway.lines.http.cut();
    await hostile.rewriteAll((content) => damaged(content, run.random));
    run.checker.restarts(gateway.name, undefined);
    await gateway.run('/livez');
    let waiting = true;
    const serving = run.served(gateway, MENDED_MS).finally(() => (waiting = false));
    // It looks again when there is something new.
    const changing = async (): Promise<void> => {
      for (; waiting; await run.pause(NEWS_MS)) await run.reaches(await run.change(), run.othersThan(gateway));
    };
    await Promise.all([serving, changing()]);
  } finally {
    await gateway.lines.http.mend();
    hostile.close();
  }
}

const foreignSignature: Fault = {
  name: 'wrong key and missing signature',
  async run(run) {
    await Impostor.during(run, async (impostor) => {
      const change = await impostor.untold();
      const { header } = change.signed;
      await impostor.say(impostor.signedAnew(change, {}, generateSigningKey().privateKey), header);
      await allRefuse(run, 'snapshot.unknownKey');
      // The studio's name under another's signature.
      const foreign = signHeader(header, generateSigningKey().privateKey);
      const lie = JSON.stringify({ signed: { ...foreign, key_id: change.signed.key_id }, deletes: [], upserts: [] });
      for (const text of [lie, change.bytes.toString().replace(/"signature":"[^"]*"/, '"signature":""'), change.bytes.toString().replace(/,"signature":"[^"]*"/, '')]) {
        await impostor.say(Buffer.from(text), header);
      }
      await staysUntold(run, change);
    });
  },
};

const wrongNamespace: Fault = {
  name: 'right signature with the wrong namespace',
  async run(run) {
    await Impostor.during(run, async (impostor) => {
      const change = await impostor.untold();
      await impostor.say(impostor.signedAnew(change, { namespace: `other-${run.random.between(1, 99)}` }), change.signed.header);
      await allRefuse(run, 'snapshot.wrongNamespace');
      await staysUntold(run, change);
    });
  },
};

const danglingReferences: Fault = {
  name: 'references that do not close',
  async run(run) {
    await Impostor.during(run, async (impostor) => {
      const change = await impostor.untold();
      const orphan = recordText({ kind: 'token', id: '4000000', data: { id: 4_000_000, app_id: 3_999_999, hash: 'a'.repeat(64), scopes: [], expires_at: null } });
      const tree = treeOf(await impostor.records());
      tree.add(recordHash(orphan));
      const root = tree.root();
      const delta = impostor.signedAnew({ ...change, upserts: [...change.upserts, orphan] }, { root, records: tree.size });
      await impostor.say(delta, { ...change.signed.header, root });
      await allRefuse(run, 'snapshot.danglingReference');
      await staysUntold(run, change);
      const told = async () => JSON.stringify(await run.api.call('GET', '/api/v1/gateways')).split('snapshot.danglingReference').length > run.stack.gateways.length;
      await waitFor(told, { message: 'the studio is told of the refusal by every gateway' });
    });
  },
};

export const forgeries: readonly Fault[] = [damagedOnTheWay, foreignSignature, wrongNamespace, danglingReferences];
