import type { PluginDefinition, PluginHostOptions } from '../host/plugin-host';
import { parseDeployment } from '../deployment/parse-deployment';
import { describeCalls } from '../testing/describe-calls';
import { describeServiceApi } from '../testing/describe-service-api';
import { ECHO, SuiteContext } from '../testing/suite-context';
import type { TestHost } from '../testing/test-host';
import { RemoteEcho } from './testing/remote-echo';

jest.setTimeout(60_000);

/** Two processes, because each plugin of the suite keeps what it has heard to itself. */
class RemoteContext extends SuiteContext {
  private readonly processes: RemoteEcho[] = [];

  async start(): Promise<void> {
    this.processes.push(await RemoteEcho.start(), await RemoteEcho.start());
    await this.prepare(this.processes[0]!.command);
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end()));
  }

  override echo(change: Partial<PluginDefinition> = {}): PluginDefinition {
    const command = this.processes[change.id === undefined || change.id === ECHO ? 0 : 1]!.command;
    return super.echo({ deployment: parseDeployment(command), ...change });
  }

  override host(options: Partial<PluginHostOptions> = {}): TestHost {
    return super.host({ reverse: { listen: { host: '127.0.0.1', port: 0 }, publicAddress: '127.0.0.1:0' }, ...options });
  }
}

// What the suite asks of every plugin, without the life of a process.
describe('echo at a network address', () => {
  const context = new RemoteContext();
  beforeAll(() => context.start());
  afterAll(() => context.end());
  describe('calls', () => describeCalls(context));
  describe('the service API', () => describeServiceApi(context));
});
