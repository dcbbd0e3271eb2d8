/**
 * Runs the official MCP conformance runner against the example plugin: directly, and through gateways in three ways. Every required server scenario has to
 * pass on each way, and every check has to come out as it does directly. Wants a Redis in TEST_REDIS_URL.
 */
import { compare } from './compare.mjs';
import { startDirect } from './direct.mjs';
import { startFront } from './front.mjs';
import { startGateways } from './gateways.mjs';
import { ConformanceRunner } from './runner.mjs';

const REVISIONS = ['2025-11-25', '2026-07-28'];
const stops = [];

/** Remembers what to stop, whatever happens. */
async function started(starting) {
  const running = await starting;
  stops.push(running.stop);
  return running;
}

async function ways() {
  const redisUrl = process.env.TEST_REDIS_URL;
  if (!redisUrl) throw new Error('TEST_REDIS_URL is missing: run `npm run test:mcp`.');
  const [single, pair] = [await started(startGateways(1)), await started(startGateways(2, redisUrl))];
  const open = await started(startFront(single.urls, single.path));
  const withToken = await started(startFront(single.urls, `${single.path}/private`, { authorization: `Bearer ${single.token}` }));
  const inTurn = await started(startFront(pair.urls, pair.path));
  return [
    { name: 'through a gateway', url: open.url },
    { name: 'through a gateway, with a token', url: withToken.url },
    { name: 'through two gateways in turn', url: inTurn.url },
  ];
}

async function judge() {
  const runner = new ConformanceRunner();
  const direct = await started(startDirect());
  const all = await ways();
  const faults = [];
  let count = 0;
  for (const revision of REVISIONS) {
    const { scenarios: expected, required } = await runner.run(direct.url, revision);
    for (const way of [{ name: 'directly', url: direct.url, scenarios: expected }, ...all]) {
      const scenarios = way.scenarios ?? (await runner.run(way.url, revision)).scenarios;
      const { lines, faults: found } = compare(expected, scenarios, required);
      console.log(`\n${revision} ${way.name}\n${lines.map((line) => `  ${line}`).join('\n')}`);
      faults.push(...found.map((fault) => `${revision} ${way.name}: ${fault}`));
      count += required.size;
    }
  }
  console.log(faults.length === 0 ? `\nmcp: ${count} required scenarios passed, and every check came out as it does directly.` : `\n${faults.join('\n')}\nmcp: ${faults.length} faults.`);
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await judge();
} catch (error) {
  console.error(`mcp: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop();
}
