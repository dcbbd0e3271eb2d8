import { ask, EchoStream } from './echo-client';
import { ECHO, type SuiteContext } from './suite-context';
import { isRunning, type TestHost, until } from './test-host';

const UNAVAILABLE = 14;

export function describeLifeCycle(context: SuiteContext): void {
  let hosted: TestHost;
  const pid = () => hosted.host.status(ECHO)!.pid!;

  beforeEach(async () => ({ hosted } = await context.started()));
  afterEach(() => hosted?.close());

  it('replaces a generation without losing a call', async () => {
    const before = pid();
    let failed = 0;
    let answered = 0;
    let stop = false;
    const load = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (!stop) await ask(hosted.host.serving(ECHO)!, 'GET', '/sleep/5').then(() => (answered += 1), () => (failed += 1));
      }),
    );
    await until(() => answered > 20, 10_000);
    hosted.host.apply([context.echo({ config: { slug: 'echo', content: 'Changed' } })]);
    const next = await hosted.serving(ECHO, 2);
    expect((await ask(next, 'GET', '/')).json.content).toBe('Changed');
    await until(() => !isRunning(before), 15_000);
    const soFar = answered;
    await until(() => answered > soFar + 20, 10_000);
    stop = true;
    await load;
    expect(failed).toBe(0);
    expect(hosted.host.status(ECHO)).toMatchObject({ state: 'ready', generation: 2, restarts: 0, reloadFailed: null });
  });

  it('lets a stream of the old generation finish before it ends', async () => {
    const before = pid();
    const stream = new EchoStream(hosted.host.serving(ECHO)!, '/stream?count=20&interval_ms=100');
    await until(() => stream.events.length > 0, 5_000);
    hosted.host.apply([context.echo({ reloads: 1 })]);
    await hosted.serving(ECHO, 2);
    expect(await stream.ended).toBeNull();
    expect(stream.events.length).toBe(20);
    await until(() => !isRunning(before), 10_000);
  });

  it('keeps the old generation when the new one cannot be started, and says why', async () => {
    const before = pid();
    hosted.host.apply([context.echo({ deployment: { kind: 'file', path: process.execPath.replace(/[^/]+$/, 'nothing-here') } })]);
    const { reloadFailed, state } = await hosted.status(ECHO, (status) => status.reloadFailed !== null);
    expect(reloadFailed).toMatch(/^There is no file .*nothing-here\.$/);
    expect(state).toBe('ready');
    expect((await ask(hosted.host.serving(ECHO)!, 'GET', '/')).json.pid).toBe(before);
    hosted.host.apply([context.echo()]);
    expect(hosted.host.status(ECHO)).toMatchObject({ state: 'ready', generation: 1, reloadFailed: null });
  });

  it('serves the last of several changes that come at once, and nothing is left of the others', async () => {
    for (const content of ['one', 'two', 'three']) hosted.host.apply([context.echo({ config: { slug: 'echo', content } })]);
    await until(() => (hosted.host.serving(ECHO)?.generation ?? 0) > 1, 20_000);
    expect((await ask(hosted.host.serving(ECHO)!, 'GET', '/')).json.content).toBe('three');
    await until(() => hosted.directories().length === 1, 15_000);
  });

  it('is back soon after it was killed', async () => {
    const delays: number[] = [];
    // The best of three, because other tests use the same processors.
    for (let generation = 1; generation <= 3 && !delays.some((delay) => delay < 2_000); generation += 1) {
      const killedAt = Date.now();
      process.kill(pid(), 'SIGKILL');
      await hosted.serving(ECHO, generation + 1);
      delays.push(Date.now() - killedAt);
    }
    expect(Math.min(...delays)).toBeLessThan(2_000);
    expect(hosted.host.status(ECHO)).toMatchObject({ state: 'ready', reason: '', lastExit: { signal: 'SIGKILL', code: null } });
    expect((await ask(hosted.host.serving(ECHO)!, 'GET', '/')).json.content).toBe('Hello');
  });

  it('fails only the calls in progress when it crashes, and keeps its last words', async () => {
    const generation = hosted.host.serving(ECHO)!;
    const sleeping = ask(generation, 'GET', '/sleep/10000');
    const outcomes = await Promise.allSettled([sleeping, ask(generation, 'GET', '/crash')]);
    expect(outcomes).toEqual([{ status: 'rejected', reason: expect.objectContaining({ status: UNAVAILABLE }) }, { status: 'rejected', reason: expect.objectContaining({ status: UNAVAILABLE }) }]);
    const crashed = await hosted.status(ECHO, ({ state }) => state === 'crashed');
    expect(crashed).toMatchObject({ reason: 'The plugin ended with exit code 7.', lastExit: { code: 7, signal: null, generation: 1 } });
    await hosted.serving(ECHO, 2);
    expect(hosted.host.status(ECHO)!.lastLogLines).toContain('panic: crashed on purpose');
  });

  it('takes no calls once it is removed, and finishes those in progress', async () => {
    const before = pid();
    const sleeping = ask(hosted.host.serving(ECHO)!, 'GET', '/sleep/700');
    await until(() => hosted.host.serving(ECHO)!.channel.activeCalls === 1, 1_000);
    hosted.host.apply([]);
    expect(hosted.host.serving(ECHO)).toBeUndefined();
    expect((await sleeping).status).toBe(200);
    await until(() => !isRunning(before), 10_000);
  });

  it('comes back when it is removed and wanted again, although its former self still has a call in progress', async () => {
    const before = pid();
    const sleeping = ask(hosted.host.serving(ECHO)!, 'GET', '/sleep/2000');
    hosted.host.apply([]);
    hosted.host.apply([context.echo()]);
    const next = await hosted.serving(ECHO);
    expect(next.generation).toBe(2);
    expect((await sleeping).status).toBe(200);
    await until(() => !isRunning(before), 10_000);
    expect(hosted.statuses.at(-1)).toMatchObject({ state: 'ready', generation: 2 });
  });

  it('leaves no process and no file when the host closes', async () => {
    const before = pid();
    await hosted.host.close();
    expect(isRunning(before)).toBe(false);
    expect(hosted.directories()).toEqual([]);
  });
}
