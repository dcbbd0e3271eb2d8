import { FakeClock } from '@sluice/kernel';
import { FakeStarter, type FakeGeneration, settle } from '../testing/fake-starter';
import { definition, silentLogger } from '../testing/test-host';
import { PluginSupervisor } from './plugin-supervisor';
import type { PluginStatus } from './plugin-status';

const DEPLOYMENT = { kind: 'file', path: '/plugin' } as const;
const KILLED = { reason: 'The plugin was ended.', exit: { code: null, signal: 'SIGKILL' } };
const wants = (content: string) => definition({ deployment: DEPLOYMENT, config: { content } });

function setUp() {
  const clock = new FakeClock(1_000_000);
  const starter = new FakeStarter();
  const statuses: PluginStatus[] = [];
  let generations = 0;
  const supervisor = new PluginSupervisor(wants('first'), {
    starter,
    clock,
    timings: { stableAfterMs: 60_000, probeMs: 60_000 },
    drainLimits: { unaryMs: 30_000, streamMs: 300_000 },
    logger: silentLogger(),
    nextGeneration: () => (generations += 1),
    onChange: (status) => statuses.push(status),
    random: () => 0.5,
  });
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { supervisor, starter, clock, statuses, advance, states: () => statuses.map(({ state }) => state) };
}

async function ready() {
  const setup = setUp();
  setup.supervisor.start();
  await settle();
  const generation = await setup.starter.succeed();
  return { ...setup, generation };
}

async function fall(generation: FakeGeneration): Promise<void> {
  generation.fall(KILLED);
  await settle();
}

describe('PluginSupervisor: starting', () => {
  it('serves once the start has succeeded', async () => {
    const { supervisor, generation, states } = await ready();
    expect(states()).toEqual(['starting', 'ready']);
    expect(supervisor.serving).toBe(generation);
    expect(supervisor.status()).toMatchObject({ state: 'ready', reason: '', generation: 1, pid: 1_001, restarts: 0, lastExit: null });
    await supervisor.settled;
  });

  it('shows why a start failed and tries again after half a second, then after twice the time', async () => {
    const { supervisor, starter, advance, states } = setUp();
    supervisor.start();
    await settle();
    await starter.fail('No handshake.');
    await supervisor.settled;
    expect(states()).toEqual(['starting', 'crashed', 'backoff']);
    expect(supervisor.status()).toMatchObject({ reason: 'No handshake.', lastExit: { code: 3, signal: null, generation: 1 } });
    await advance(499);
    expect(starter.requests).toHaveLength(1);
    await advance(1);
    expect(supervisor.status()).toMatchObject({ state: 'starting', generation: 2, restarts: 1 });
    await starter.fail('No handshake.');
    await advance(999);
    expect(starter.requests).toHaveLength(2);
    await advance(1);
    expect(starter.requests).toHaveLength(3);
  });

  it('only probes every minute after five failures, and goes on as usual when a probe succeeds', async () => {
    const { supervisor, starter, advance } = setUp();
    supervisor.start();
    await settle();
    for (const delay of [500, 1_000, 2_000, 4_000]) {
      await starter.fail('Broken.');
      await advance(delay);
    }
    await starter.fail('Broken.');
    expect(supervisor.status()).toMatchObject({ state: 'crashlooping', reason: 'Broken.', generation: 5 });
    await advance(59_999);
    expect(starter.requests).toHaveLength(5);
    await advance(1);
    await starter.fail('Broken.');
    expect(supervisor.status().state).toBe('crashlooping');
    await advance(60_000);
    await starter.succeed();
    expect(supervisor.status()).toMatchObject({ state: 'ready', reason: '', generation: 7 });
  });

  it('gives a start up when the definition changes, and begins the next when that one is gone', async () => {
    const { supervisor, starter } = setUp();
    supervisor.start();
    await settle();
    const first = starter.last;
    supervisor.apply(wants('second'));
    expect(first.signal.aborted).toBe(true);
    expect(starter.requests).toHaveLength(1);
    await settle();
    expect(starter.requests.map(({ definition: { config } }) => config.content)).toEqual(['first', 'second']);
    await starter.succeed();
    expect(supervisor.status()).toMatchObject({ state: 'ready', generation: 2 });
  });

  it('starts a changed definition at once instead of waiting for the next try', async () => {
    const { supervisor, starter } = setUp();
    supervisor.start();
    await settle();
    await starter.fail('Broken.');
    supervisor.apply(wants('second'));
    await settle();
    expect(starter.last.definition.config).toEqual({ content: 'second' });
  });

  it('does nothing for an equal definition', async () => {
    const { supervisor, starter, statuses } = await ready();
    const before = statuses.length;
    supervisor.apply(wants('first'));
    await settle();
    expect(starter.requests).toHaveLength(1);
    expect(statuses).toHaveLength(before);
  });
});

describe('PluginSupervisor: a crash', () => {
  it('is followed by a restart at once, the first time', async () => {
    const { supervisor, starter, generation, advance } = await ready();
    await fall(generation);
    expect(supervisor.serving).toBeUndefined();
    expect(supervisor.status()).toMatchObject({ state: 'backoff', reason: 'The plugin was ended.', lastExit: { signal: 'SIGKILL', generation: 1 } });
    await advance(0);
    await starter.succeed();
    expect(supervisor.status()).toMatchObject({ state: 'ready', generation: 2, restarts: 1, lastExit: { signal: 'SIGKILL', generation: 1 } });
  });

  it('is followed by a delay when it comes again soon, and by none when the plugin was stable', async () => {
    const { starter, generation, advance } = await ready();
    await fall(generation);
    await advance(0);
    await fall(await starter.succeed());
    await advance(499);
    expect(starter.requests).toHaveLength(2);
    await advance(1);
    const third = await starter.succeed();
    await advance(60_000);
    await fall(third);
    await advance(0);
    expect(starter.requests).toHaveLength(4);
  });

  it('while a newer generation starts leaves the service to that one', async () => {
    const { supervisor, starter, generation } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await fall(generation);
    expect(supervisor.status()).toMatchObject({ state: 'starting', generation: 2 });
    expect(starter.requests).toHaveLength(2);
    await starter.succeed();
    expect(supervisor.status()).toMatchObject({ state: 'ready', generation: 2 });
  });

  it('of a generation that has been replaced changes nothing', async () => {
    const { supervisor, starter, generation } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await starter.succeed();
    await fall(generation);
    expect(supervisor.status()).toMatchObject({ state: 'ready', generation: 2, lastExit: null });
  });
});

describe('PluginSupervisor: a reload', () => {
  it('starts the new generation next to the old one, which serves until the new one does', async () => {
    const { supervisor, starter, generation } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    expect(supervisor.serving).toBe(generation);
    expect(supervisor.status()).toMatchObject({ state: 'ready', generation: 1 });
    const next = await starter.succeed();
    expect(supervisor.serving).toBe(next);
    await settle();
    expect(generation.farewell).toBe('unload');
  });

  it('lets the old generation finish its calls', async () => {
    const { supervisor, starter, generation, advance } = await ready();
    generation.calls.active = 2;
    generation.calls.streams = 1;
    supervisor.apply(wants('second'));
    await settle();
    await starter.succeed();
    await advance(60_000);
    expect(generation.farewell).toBeUndefined();
    generation.calls.active = 0;
    await advance(100);
    expect(generation.farewell).toBe('unload');
  });

  it('that fails keeps the old generation, says why, and is not tried again', async () => {
    const { supervisor, starter, generation, advance } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await starter.fail('api_key is required.');
    expect(supervisor.serving).toBe(generation);
    expect(supervisor.status()).toMatchObject({ state: 'ready', reason: '', reloadFailed: 'api_key is required.' });
    await advance(3_600_000);
    expect(starter.requests).toHaveLength(2);
  });

  it('that failed is tried again when the definition changes or a reload is asked for', async () => {
    const { supervisor, starter } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await starter.fail('api_key is required.');
    supervisor.apply({ ...wants('second'), reloads: 1 });
    expect(supervisor.status().reloadFailed).toBeNull();
    await settle();
    await starter.succeed();
    expect(supervisor.status()).toMatchObject({ generation: 3, reloadFailed: null });
  });

  it('that failed for a reason that passes is tried again, less and less often, and leaves one card', async () => {
    const { supervisor, starter, advance, generation } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    for (const waitMs of [60_000, 120_000, 240_000]) {
      await starter.fail('The registry is out of reach.', true);
      expect(supervisor.status()).toMatchObject({ state: 'ready', reloadFailed: 'The registry is out of reach.', generation: 1 });
      const before = starter.requests.length;
      await advance(waitMs - 1);
      expect(starter.requests).toHaveLength(before);
      await advance(1);
      expect(starter.last.definition.config).toEqual({ content: 'second' });
      expect(starter.requests).toHaveLength(before + 1);
    }
    expect(supervisor.serving).toBe(generation);
    await starter.succeed();
    expect(supervisor.status()).toMatchObject({ state: 'ready', reloadFailed: null, generation: 5 });
    expect(supervisor.crashes.map(({ reason }) => reason)).toEqual(['The registry is out of reach.']);
    await advance(10_000_000);
    expect(starter.requests).toHaveLength(5);
  });

  it('that failed for a reason that passes is not tried again once it is not wanted any more', async () => {
    const { supervisor, starter, advance } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await starter.fail('The registry is out of reach.', true);
    supervisor.apply(wants('first'));
    await advance(10_000_000);
    expect(starter.requests).toHaveLength(2);
  });

  it('that failed is forgotten when the definition goes back to what serves', async () => {
    const { supervisor, starter, generation } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await starter.fail('api_key is required.');
    supervisor.apply(wants('first'));
    await settle();
    expect(starter.requests).toHaveLength(2);
    expect(supervisor.serving).toBe(generation);
    expect(supervisor.status().reloadFailed).toBeNull();
  });

  it('that failed leaves the definition that served to be restarted after a crash', async () => {
    const { supervisor, starter, generation, advance } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await starter.fail('api_key is required.');
    await fall(generation);
    await advance(0);
    expect(starter.last.definition.config).toEqual({ content: 'first' });
    await starter.succeed();
    expect(supervisor.status()).toMatchObject({ state: 'ready', reloadFailed: 'api_key is required.' });
  });
});

describe('PluginSupervisor: the end', () => {
  it('takes no calls from the moment of removal and ends when those in progress have finished', async () => {
    const { supervisor, generation, advance, states } = await ready();
    generation.calls.active = 1;
    const removed = supervisor.remove('unload');
    expect(supervisor.serving).toBeUndefined();
    await advance(1_000);
    expect(generation.farewell).toBeUndefined();
    generation.calls.active = 0;
    await advance(100);
    await removed;
    expect(generation.farewell).toBe('unload');
    expect(states().slice(-2)).toEqual(['draining', 'stopped']);
  });

  it('gives every call that is still in progress less time when it is removed in a hurry', async () => {
    const { supervisor, starter, generation, advance } = await ready();
    generation.calls.active = generation.calls.streams = 1;
    supervisor.apply(wants('second'));
    await settle();
    const next = await starter.succeed();
    next.calls.active = next.calls.streams = 1;
    const removed = supervisor.remove('unload');
    await advance(60_000);
    const closed = supervisor.remove('shutdown', { unaryMs: 10_000, streamMs: 10_000 });
    await advance(9_900);
    expect([generation.farewell, next.farewell]).toEqual([undefined, undefined]);
    await advance(100);
    await Promise.all([removed, closed]);
    expect([generation.farewell, next.farewell]).toEqual(['unload', 'unload']);
  });

  it('gives a start in progress up', async () => {
    const { supervisor, starter } = setUp();
    supervisor.start();
    await settle();
    await supervisor.remove('shutdown');
    expect(starter.last.signal.aborted).toBe(true);
    expect(supervisor.status().state).toBe('stopped');
    await supervisor.settled;
  });

  it('starts nothing any more, whatever was planned', async () => {
    const { supervisor, starter, advance } = setUp();
    supervisor.start();
    await settle();
    await starter.fail('Broken.');
    await supervisor.remove('unload');
    await advance(3_600_000);
    expect(starter.requests).toHaveLength(1);
  });
});
