import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@sluice/testing';
import type { Fault } from '../fault';
import type { FaultRun } from '../fault-run';
import type { FaultGateway } from '../stack/fault-gateway';

const diskFull: Fault = {
  name: 'disk full at write',
  async run(run) {
    const gateway = run.anyGateway();
    const failures = () => gateway.metric('sluice_snapshot_store_failures_total');
    const before = await failures();
    await gateway.breakDisk({ kind: 'full', folder: gateway.stateFolder });
    await run.reaches(await run.change());
    await run.revoke();
    await run.refuses();
    await waitFor(async () => (await failures()) > before, { message: `${gateway.name} counts that it could not store` });
    await gateway.breakDisk(undefined);
    if (run.full) await storesAgain(run, gateway);
    // It does not have to have everything, for it was full; and it must not stumble over what lies there.
    await run.restart(gateway, undefined);
  },
};

/** It tries again every half a minute. */
async function storesAgain(run: FaultRun, gateway: FaultGateway): Promise<void> {
  await run.reaches(await run.change());
  await run.pause(35_000);
  const fact = await run.change();
  await run.reaches(fact);
  await restartCutOff(run, gateway, await run.stored(gateway, (await gateway.readiness()).revision ?? 0));
}

/** Truncated, garbage, or a single bit; with Redis and the studio there. */
const cacheDamaged: Fault = {
  name: 'cache truncated or garbage',
  async run(run) {
    const gateway = run.anyGateway();
    await run.restart(gateway, undefined, () => {
      for (const file of gateway.snapshotFiles()) writeFileSync(file, damaged(run, readFileSync(file)));
    });
  },
};

function damaged(run: FaultRun, content: Buffer): Buffer {
  const at = run.random.between(0, Math.max(0, content.length - 1));
  switch (run.random.between(0, 3)) {
    case 0:
      return content.subarray(0, at);
    case 1:
      return randomBytes(content.length);
    case 2:
      return Buffer.alloc(0);
    default:
      if (content.length > 0) content[at]! ^= 1 << run.random.between(0, 7);
      return content;
  }
}

const cacheOlder: Fault = {
  name: 'cache older than Redis',
  async run(run) {
    const gateway = run.anyGateway();
    await run.agree();
    await run.stored(gateway, (await gateway.readiness()).revision ?? 0);
    const kept = mkdtempSync(join(run.stack.folder, 'older-'));
    try {
      cpSync(gateway.stateFolder, kept, { recursive: true });
      await run.reaches(await run.change());
      await run.revoke();
      await run.refuses();
      const fact = await run.change();
      await run.restart(gateway, undefined, () => {
        gateway.forgetSnapshots();
        cpSync(kept, gateway.stateFolder, { recursive: true });
      });
      await run.reaches(fact);
    } finally {
      rmSync(kept, { recursive: true, force: true });
    }
  },
};

/** While it takes in a change, or while it stores a whole snapshot for the first time. */
const killedWhileWriting: Fault = {
  name: 'kill -9 at a step of the disk write',
  async run(run) {
    const gateway = run.anyGateway();
    await run.agree();
    const kept = await run.stored(gateway, (await gateway.readiness()).revision ?? 0);
    const operation = run.random.between(0, 9);
    const fault = { kind: 'killed', folder: gateway.stateFolder, operation } as const;
    if (run.random.next() < 0.5) {
      await gateway.breakDisk(fault);
      gateway.serving = false;
      for (let index = 0; index <= operation && gateway.alive; index++) {
        await run.change();
        await run.pause(30);
      }
      await gateway.untilDead(5_000);
      await restartCutOff(run, gateway, kept);
    } else {
      await gateway.kill();
      gateway.forgetSnapshots();
      gateway.runWith(fault);
      // It may have less to write than that.
      await gateway.untilDead(5_000).catch(() => gateway.kill());
      await run.restart(gateway, undefined);
    }
  },
};

/** From its disk alone. */
async function restartCutOff(run: FaultRun, gateway: FaultGateway, kept: { revision: number; fact: number }): Promise<void> {
  await run.restart(gateway, kept, () => gateway.cutOff());
  const { revision } = await gateway.readiness();
  if (revision === null || revision < kept.revision) run.checker.violation(`${gateway.name} had stored revision ${kept.revision} and begins with ${revision}`);
  await gateway.mend();
}

export const disks: readonly Fault[] = [diskFull, cacheDamaged, cacheOlder, killedWhileWriting];
