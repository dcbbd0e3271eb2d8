import type { Fault } from '../fault';
import { PROMPT_MS } from '../fault-run';
import { HostileRedis } from '../hostile-redis';
import { Impostor, type UntoldChange } from '../impostor';

/** Everything that was ever said is said again, in any order, while the studio goes on. */
const replayed: Fault = {
  name: 'announcements doubled, reordered and replayed',
  async run(run) {
    const hostile = await HostileRedis.open(run.stack.redis.url.href);
    try {
      const old = await hostile.pointer();
      for (let index = 0; index < 6; index++) await run.change();
      await run.revoke();
      await run.reaches(run.facts.newest);
      const said = run.random.shuffled([...hostile.heard, ...hostile.heard]);
      for (const [index, message] of said.entries()) {
        await hostile.announce(message);
        // And the pointer of then, as if nothing had happened since.
        if (index % 5 === 0) await hostile.point(old);
        if (index % 4 === 0) await run.reaches(await run.change(), run.stack.gateways, PROMPT_MS);
      }
      await run.refuses();
    } finally {
      hostile.close();
    }
  },
};

/** None in its order, none only once, and the pointer late. */
const reordered: Fault = {
  name: 'announcements out of order',
  async run(run) {
    let fact = 0;
    await Impostor.during(run, async (impostor) => {
      const changes: UntoldChange[] = [];
      for (let index = 0; index < 4; index++) changes.push(await impostor.untold());
      fact = run.facts.newest;
      const { epoch, parent } = changes[0]!.signed.header;
      for (const { bytes, signed } of run.random.shuffled([...changes, ...changes])) await impostor.say(bytes, signed.header);
      // The newest is not necessarily what was said last.
      const { revision, root } = changes.at(-1)!.signed.header;
      await impostor.redis.point({ epoch, revision, root });
      await impostor.redis.announce(Buffer.from(`${JSON.stringify({ epoch, revision, root, parent })}\n`));
      await run.reaches(fact);
    });
  },
};

export const announcements: readonly Fault[] = [replayed, reordered];
