/** The process of slow clients: is sent whom to open, and then that it shall end; answers with how long each was kept. */
import { SlowClient, type SlowKind } from './slow-client';
import type { ClosedClient, CrowdOrder } from './slow-crowd';
import { spread } from './spread';

/** Those that do not read are spread over it like the others: what they get first is megabytes each. */
const OPENED_WITHIN_MS = 2_500;

const KINDS: readonly SlowKind[] = ['reader', 'head', 'body'];

const opened: SlowClient[] = [];
let opening: Promise<unknown> = Promise.resolve();

process.on('message', (order: CrowdOrder) => {
  if ('end' in order) return void end(order.end.afterMs);
  const { clients, gatewayUrl, paths } = order.open;
  opening = Promise.all(KINDS.map((kind) => spread(clients[kind], OPENED_WITHIN_MS, () => opened.push(new SlowClient(kind, new URL(gatewayUrl), paths)))));
});
process.once('disconnect', () => process.exit());

async function end(afterMs: number): Promise<void> {
  await opening;
  const closed = Promise.all(opened.map((client) => client.closedAfterMs));
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, afterMs))]);
  for (const client of opened) client.close();
  const times = await closed;
  process.send!(opened.map(({ kind }, index): ClosedClient => ({ kind, afterMs: times[index]! })), () => process.exit());
}
