import type { Fault } from '../fault';
import { CONVERGED_MS, PROMPT_MS, type FaultRun } from '../fault-run';

const HOUR_MS = 3_600_000;

/** In the middle of changes, whatever it was doing. */
const studioKilled: Fault = {
  name: 'studio killed',
  async run(run) {
    const changing = run.changeIfPossible();
    await run.pause(0, 60);
    await run.stack.studio.kill();
    await changing;
    await run.pause(100, run.time(500, 5_000));
    await run.stack.startStudio();
  },
};

const studioDownForAnHour: Fault = {
  name: 'studio down for an hour',
  async run(run) {
    const { stack } = run;
    await run.agree();
    await stack.studio.end();
    for (const gateway of stack.gateways) await gateway.moveClock(HOUR_MS);
    await run.pause(run.time(500, 30_000));
    for (const gateway of stack.gateways) {
      const { config_age_seconds: age } = await gateway.readiness();
      if (age === null || age < 3_000) run.checker.violation(`${gateway.name} says that its configuration is ${age} s old, an hour after anybody vouched for it`);
    }
    await stack.startStudio();
    await stack.studio.moveClock(HOUR_MS);
    await run.reaches(await run.change());
    await run.revoke();
    await run.refuses();
    // And back, as a clock is set that was wrong.
    for (const process of [stack.studio, ...stack.gateways]) await process.moveClock(0);
    await staysPrompt(run);
  },
};

const gatewayAlone: Fault = {
  name: 'gateway restarted with everything else down',
  async run(run) {
    const { stack } = run;
    const gateway = run.anyGateway();
    await run.revoke();
    await run.refuses();
    const { revision } = await gateway.readiness();
    const kept = await run.stored(gateway, revision ?? 0);
    await Promise.all([stack.studio.kill(), stack.redis.kill(), stack.postgres.kill()]);
    await run.restart(gateway, kept);
    await run.refuses();
    const { source } = await gateway.readiness();
    if (source !== 'disk') run.checker.violation(`${gateway.name} says that its configuration is from ${source}, and nothing but its disk was there`);
    await run.pause(100, 300);
    await Promise.all([stack.redis.start(), stack.postgres.start()]);
    await stack.startStudio();
  },
};

const newGatewayWithoutStudio: Fault = {
  name: 'new gateway with the studio down',
  async run(run) {
    const { stack } = run;
    const gateway = run.anyGateway();
    const fact = await run.change();
    await run.reaches(fact);
    await stack.studio.end();
    await run.restart(gateway, undefined, () => gateway.forgetSnapshots());
    await run.reaches(fact);
    await run.agree();
    await stack.startStudio();
  },
};

const redisKilled: Fault = {
  name: 'Redis killed, and restarted empty',
  async run(run) {
    const { stack } = run;
    const changing = run.changeIfPossible();
    await run.pause(0, 30);
    await stack.redis.kill();
    await changing;
    // What is announced nowhere arrives all the same.
    await run.reaches(await run.change());
    if (run.random.next() < 0.5) await run.revoke().then(() => run.refuses());
    await stack.redis.start();
  },
};

const postgresRestarted: Fault = {
  name: 'Postgres restarted in mid-transaction',
  async run(run) {
    const { stack } = run;
    const changing = Promise.all([run.changeIfPossible(), run.facts.newToken(run.api).catch(() => undefined)]);
    await run.pause(0, 15);
    await stack.postgres.kill();
    await changing;
    await run.pause(50, run.time(300, 10_000));
    await stack.postgres.start();
    await untilChangesAreTaken(run);
  },
};

/** The studio connects again by itself. */
async function untilChangesAreTaken(run: FaultRun): Promise<void> {
  const deadline = performance.now() + CONVERGED_MS;
  for (;;) {
    try {
      return void (await run.change());
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await run.pause(50);
    }
  }
}

const clocksApart: Fault = {
  name: 'clocks an hour apart',
  async run(run) {
    const { stack } = run;
    const [ahead, behind] = run.random.shuffled([stack.studio, ...stack.gateways]);
    await ahead!.moveClock(HOUR_MS);
    await behind!.moveClock(-HOUR_MS);
    for (let round = 0; round < 3; round++) await run.reaches(await run.change(), stack.gateways, PROMPT_MS);
    await run.revoke();
    await run.refuses(stack.gateways, PROMPT_MS);
    await ahead!.moveClock(0);
    await behind!.moveClock(0);
    await staysPrompt(run);
  },
};

/** A clock that was set back stops nothing: neither news nor what gateways say about themselves. */
async function staysPrompt(run: FaultRun): Promise<void> {
  await run.reaches(await run.change(), run.stack.gateways, PROMPT_MS);
  for (const gateway of run.stack.gateways) await run.stored(gateway, (await gateway.readiness()).revision ?? 0);
}

export const outages: readonly Fault[] = [studioKilled, studioDownForAnHour, gatewayAlone, newGatewayWithoutStudio, redisKilled, postgresRestarted, clocksApart];
