import type { Toxiproxy } from '@sluice/testing';
import { echoCommand } from '../stack/repository';
import { Checker } from './checker';
import { Facts } from './facts';
import { FaultRun, type Terms } from './fault-run';
import type { Seat } from './run-fault';
import { SeededRandom } from './seeded-random';
import { FaultStack } from './stack/fault-stack';
import { Traffic } from './traffic';

/** A stack that serves, with traffic on every gateway. Ends with `clear`. */
export class Table {
  private constructor(
    readonly seat: Seat,
    private readonly traffic: readonly Traffic[],
  ) {}

  static async lay(toxiproxy: Toxiproxy, terms: Terms): Promise<Table> {
    const stack = await FaultStack.start(toxiproxy);
    const facts = new Facts();
    const checker = new Checker();
    const traffic = stack.gateways.map((gateway) => new Traffic(gateway, facts.apps, checker));
    const table = new Table({ stack, facts, checker, terms }, traffic);
    try {
      await facts.prepare(stack.api, echoCommand);
      const run = new FaultRun(stack, facts, checker, new SeededRandom(0), 0, terms);
      for (const gateway of stack.gateways) await run.served(gateway);
      traffic.forEach((each) => each.start());
      await run.reaches(await run.change());
      return table;
    } catch (error) {
      await table.clear();
      throw error;
    }
  }

  async clear(): Promise<void> {
    await Promise.all(this.traffic.map((each) => each.stop()));
    await this.seat.stack.close();
  }
}
