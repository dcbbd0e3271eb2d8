import type { Fault } from '../fault';
import { CONVERGED_MS, PROMPT_MS } from '../fault-run';

/** Every connection ends, or nothing comes through and nobody is told. */
const cutOffFromRedis: Fault = {
  name: 'one gateway cut off from Redis',
  async run(run) {
    const gateway = run.anyGateway();
    const { redis } = gateway.lines;
    await (run.random.next() < 0.5 ? redis.cut() : redis.silence());
    const since = performance.now();
    const fact = await run.change();
    await run.revoke();
    await run.reaches(fact, run.othersThan(gateway), PROMPT_MS);
    await run.refuses(run.othersThan(gateway), PROMPT_MS);
    // The studio is still there to be asked.
    await run.reaches(fact, [gateway], CONVERGED_MS);
    await run.refuses([gateway], CONVERGED_MS);
    await run.pause(Math.max(0, run.literally(0, 60_000) - (performance.now() - since)));
    await redis.mend();
  },
};

const subscriberReset: Fault = {
  name: "the subscriber's connection reset during changes",
  async run(run) {
    const changes = run.literally(40, 1_000);
    const everyMs = run.literally(150, 2_000);
    let changing = true;
    const resetting = (async () => {
      while (changing) {
        await Promise.all(run.stack.gateways.map(({ lines }) => lines.redis.reset()));
        await run.pause(everyMs);
      }
    })();
    try {
      for (let index = 0; index < changes; index++) {
        await run.change();
        if (index === changes >> 1) await run.revoke();
        await run.pause(0, 10);
      }
    } finally {
      changing = false;
      await resetting;
    }
  },
};

const slowGateway: Fault = {
  name: 'one slow gateway',
  async run(run) {
    const gateway = run.anyGateway();
    const lines = [gateway.lines.redis, gateway.lines.http, gateway.lines.grpc];
    for (const line of lines) {
      await line.delay(run.random.between(300, 1_000), 200);
      await line.throttle(4);
    }
    for (let index = 0; index < 5; index++) await run.reaches(await run.change(), run.othersThan(gateway), PROMPT_MS);
    await run.revoke();
    await run.refuses(run.othersThan(gateway), PROMPT_MS);
    for (const line of lines) await line.mend();
  },
};

const twoStudios: Fault = {
  name: 'two studios publishing at once',
  async run(run) {
    const second = await run.stack.startSecondStudio();
    try {
      const rounds = run.time(10, 200);
      // Tokens of another revision in between, so that both have something to publish at the same time.
      const others = (async () => {
        for (let index = 0; index < rounds; index++) await run.facts.newToken(second.api);
      })();
      for (let index = 0; index < rounds; index++) await run.change(index % 2 ? second.api : run.api);
      await others;
      await run.reaches(run.facts.newest);
      await run.agree();
    } finally {
      await (run.random.next() < 0.5 ? second.process.kill() : second.process.end());
    }
  },
};

export const lines: readonly Fault[] = [cutOffFromRedis, subscriberReset, slowGateway, twoStudios];
