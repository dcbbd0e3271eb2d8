import type { TransportChoice } from '../connect/transport';
import { describeCalls } from './describe-calls';
import { describeLifeCycle } from './describe-life-cycle';
import { describeServiceApi } from './describe-service-api';
import { SuiteContext } from './suite-context';

export interface PluginHostSuite {
  /** In the names of the tests. */
  name: string;
  /** The command of a plugin that behaves as the echo example, `file:///…`; a function is asked once, before the first test. */
  command: string | (() => Promise<string>);
  /** How its calls travel. Default `auto`. */
  transport?: TransportChoice;
  /** Why this plugin cannot be tested here; its tests are then skipped under that name. */
  skip?: string;
}

/**
 * Runs a plugin that behaves as the echo example through everything that the host does with a plugin. Every SDK and every launcher has
 * to pass it. Needs Jest.
 */
export function describePluginHostSuite({ name, command, transport, skip }: PluginHostSuite): void {
  jest.setTimeout(60_000);
  const context = new SuiteContext(transport);
  const group = skip === undefined ? describe : describe.skip;
  group(skip === undefined ? name : `${name} (skipped: ${skip})`, () => {
    // Building a plugin may take its time.
    beforeAll(() => context.prepare(command), 300_000);
    describe('calls', () => describeCalls(context));
    describe('the service API', () => describeServiceApi(context));
    describe('life cycle', () => describeLifeCycle(context));
  });
}
