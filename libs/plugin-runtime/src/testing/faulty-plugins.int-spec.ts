import { EndpointRequest, EndpointResponse, PluginServiceService } from '@sluice/contracts/plugin';
import { callUnary } from '../connect/plugin-channel';
import { type Fault, FaultyPlugins } from './faulty-plugin';
import { definition, isRunning, TestHost, until } from './test-host';

const WELL = 1;
const FAULTY = 2;
const TIMINGS = { startMs: 6_000, connectMs: 1_500, initializeMs: 1_500, farewellMs: 300, killAfterMs: 300, healthIntervalMs: 200, healthDeadlineMs: 500 };

jest.setTimeout(60_000);

const plugins = new FaultyPlugins();
let hosted: TestHost;

beforeEach(async () => {
  hosted = new TestHost({ timings: TIMINGS });
  hosted.host.apply([definition({ id: WELL, deployment: plugins.deployment('none') })]);
  await hosted.serving(WELL);
});
afterEach(() => hosted.close());
afterAll(() => plugins.remove());

function add(fault: Fault): void {
  hosted.host.apply([definition({ id: WELL, deployment: plugins.deployment('none') }), definition({ id: FAULTY, name: fault, deployment: plugins.deployment(fault) })]);
}

async function echo(pluginId: number, path: string): Promise<string> {
  const { path: method } = PluginServiceService.handleEndpointRequest;
  const request = EndpointRequest.encode(EndpointRequest.create({ relativePath: path })).finish();
  const answer = await callUnary(hosted.host.serving(pluginId)!.channel, method, request, { deadlineMs: 5_000 });
  return EndpointResponse.decode(answer).body.toString();
}

async function expectOthersUntouched(): Promise<void> {
  expect(hosted.host.status(WELL)).toMatchObject({ state: 'ready', generation: 1, restarts: 0 });
  expect(await echo(WELL, '/still-here')).toBe('/still-here');
}

describe('a plugin that cannot be started', () => {
  it.each<[Fault, string]>([
    ['garbage', 'The first line that the plugin printed is not a go-plugin handshake: "Welcome to my plugin!".'],
    ['garbage-and-exit', 'The first line that the plugin printed is not a go-plugin handshake: "Welcome to my plugin!"; it ended with exit code 4.'],
    ['exit-at-once', 'The plugin ended before the handshake with exit code 3.'],
    ['hang-in-handshake', 'The plugin did not print its handshake within 6 s.'],
    ['no-line-end', 'The plugin did not print its handshake within 6 s, only "starting".'],
    ['wrong-protocol-version', 'The plugin speaks plugin protocol version "9"; this host offers version 1.'],
    ['socket-that-nobody-serves', 'The plugin did not accept a connection within 1.5 s of its handshake.'],
    ['unhealthy', 'The plugin did not say within 1.5 s that it is healthy.'],
    ['hang-in-initialize', 'The plugin did not answer Initialize within 1.5 s.'],
    ['refuse-initialize', 'The plugin refused to initialise: "api_key is required".'],
    ['error-in-initialize', 'Initialize failed in the plugin: "no such table".'],
    ['unhealthy-after-initialize', 'The plugin did not say within 0.5 s after Initialize that it is healthy.'],
    ['exit-in-initialize', 'The plugin ended during Initialize with exit code 5.'],
    ['fail-endpoints', 'The plugin did not say which endpoints it serves: I do not know.'],
  ])('%s: says so in its status, is tried again, and touches nobody else', async (fault, reason) => {
    add(fault);
    const crashed = await hosted.status(FAULTY, ({ state }) => state === 'crashed');
    expect(crashed.reason).toBe(reason);
    expect(hosted.host.serving(FAULTY)).toBeUndefined();
    await hosted.status(FAULTY, ({ state, generation }) => state === 'starting' && generation === 2);
    await expectOthersUntouched();
  });

  it('shows the exit code and the last lines that it wrote', async () => {
    add('exit-at-once');
    const { lastExit, lastLogLines } = await hosted.status(FAULTY, ({ state }) => state === 'crashed');
    expect(lastExit).toMatchObject({ code: 3, signal: null, generation: 1 });
    expect(lastLogLines).toEqual(['cannot open the database']);
  });

  it('is probed only from time to time after five failures', async () => {
    add('exit-at-once');
    const looping = await hosted.status(FAULTY, ({ state }) => state === 'crashlooping', 25_000);
    expect(looping).toMatchObject({ generation: 5, reason: 'The plugin ended before the handshake with exit code 3.' });
    await expectOthersUntouched();
  });

  it('leaves no process and no directory behind', async () => {
    add('hang-in-initialize');
    await hosted.status(FAULTY, ({ state }) => state === 'backoff');
    hosted.host.apply([definition({ id: WELL, deployment: plugins.deployment('none') })]);
    await until(() => hosted.directories().length === 1, 10_000);
  });

  it('says that a file is gone', async () => {
    hosted.host.apply([definition({ id: FAULTY, deployment: { kind: 'file', path: '/nowhere/plugin' } })]);
    const { reason } = await hosted.status(FAULTY, ({ state }) => state === 'crashed');
    expect(reason).toBe('There is no file /nowhere/plugin.');
  });
});

describe('a plugin that falls after it was ready', () => {
  it.each<[Fault, number, string]>([
    ['exit-after-ready', 6, '2026/01/02 15:04:05 about to fall'],
    ['panic-after-ready', 2, 'panic: index out of range'],
  ])('%s: shows how it ended and what it said, and serves again', async (fault, code, line) => {
    add(fault);
    await hosted.serving(FAULTY);
    const crashed = await hosted.status(FAULTY, ({ state }) => state === 'crashed');
    expect(crashed).toMatchObject({ reason: `The plugin ended with exit code ${code}.`, lastExit: { code, signal: null, generation: 1 } });
    expect(crashed.lastLogLines).toContain(line);
    await hosted.serving(FAULTY, 2);
    await expectOthersUntouched();
  });

  it('is ended and started again when it stops answering its health check', async () => {
    add('stop-answering-health');
    const { pid } = await hosted.status(FAULTY, ({ state }) => state === 'ready');
    const crashed = await hosted.status(FAULTY, ({ state }) => state === 'crashed');
    expect(crashed.reason).toBe('The plugin did not answer three health checks in a row and was ended.');
    expect(isRunning(pid!)).toBe(false);
    await hosted.serving(FAULTY, 2);
    await expectOthersUntouched();
  });
});

describe('a plugin that misbehaves while it serves', () => {
  it('is killed when it ignores the request to end', async () => {
    add('ignore-shutdown');
    await hosted.serving(FAULTY);
    const { pid } = hosted.host.status(FAULTY)!;
    hosted.host.apply([definition({ id: WELL, deployment: plugins.deployment('none') })]);
    expect(hosted.host.serving(FAULTY)).toBeUndefined();
    await until(() => !isRunning(pid!), 10_000);
    await expectOthersUntouched();
  });

  it('takes the processes that it started with it when it ends', async () => {
    add('start-a-child');
    await hosted.serving(FAULTY);
    await until(() => hosted.host.status(FAULTY)!.lastLogLines.length > 0, 5_000);
    const child = Number(/^child (\d+)$/.exec(hosted.host.status(FAULTY)!.lastLogLines[0]!)?.[1]);
    expect(isRunning(child)).toBe(true);
    process.kill(hosted.host.status(FAULTY)!.pid!, 'SIGKILL');
    await until(() => !isRunning(child), 5_000);
    await hosted.serving(FAULTY, 2);
  });

  it('may flood its output and goes on answering, as do the others', async () => {
    add('flood');
    await hosted.serving(FAULTY);
    for (let round = 0; round < 20; round += 1) {
      expect(await echo(FAULTY, `/${round}`)).toBe(`/${round}`);
      await expectOthersUntouched();
    }
    expect(hosted.host.status(FAULTY)!.lastLogLines.length).toBe(200);
  });

  it('may send bytes on its output stream that are no message, and serves on', async () => {
    add('garbage-on-stdio');
    await hosted.serving(FAULTY);
    expect(await echo(FAULTY, '/well')).toBe('/well');
    await until(() => hosted.host.status(FAULTY)!.lastLogLines.includes('The plugin sent output that is no StdioData message.'), 5_000);
    await expectOthersUntouched();
  });

  it('serves with empty answers when its questions fail', async () => {
    add('fail-questions');
    const { answers } = await hosted.serving(FAULTY);
    expect(answers).toMatchObject({ configSchemaJson: '', endpoints: [{ path: '/*' }] });
  });

  it('does not serve in a studio that does not know what it hooks', async () => {
    const studio = new TestHost({ runtime: 'studio', timings: TIMINGS });
    try {
      studio.host.apply([definition({ id: FAULTY, deployment: plugins.deployment('fail-questions') })]);
      const crashed = await studio.status(FAULTY, ({ state }) => state === 'crashed');
      expect(crashed.reason).toBe('The plugin did not say which object hooks it has: I do not know.');
    } finally {
      await studio.close();
    }
  });
});
