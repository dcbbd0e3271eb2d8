import { FakeClock } from '@sluice/kernel';
import type { PluginDefinition } from '../host/plugin-host';
import { FakeStarter, settle } from '../testing/fake-starter';
import { definition, silentLogger } from '../testing/test-host';
import { PluginSupervisor } from './plugin-supervisor';

const DEPLOYMENT = { kind: 'file', path: '/plugin' } as const;
const resting = (change: Partial<PluginDefinition> = {}) => definition({ deployment: DEPLOYMENT, onDemand: { idleTimeoutMs: 10_000 }, ...change });

function setUp(wanted = resting()) {
  const clock = new FakeClock(1_000_000);
  const starter = new FakeStarter();
  const states: string[] = [];
  let generations = 0;
  const supervisor = new PluginSupervisor(wanted, {
    starter,
    clock,
    timings: { stableAfterMs: 60_000, probeMs: 60_000 },
    drainLimits: { unaryMs: 30_000, streamMs: 300_000 },
    logger: silentLogger(),
    nextGeneration: () => (generations += 1),
    onChange: ({ state }) => states.push(state),
    random: () => 0.5,
  });
  const advance = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      clock.advance(1_000);
      await settle();
    }
  };
  const demanded = async () => {
    const generation = supervisor.demand();
    await settle();
    return generation;
  };
  supervisor.start();
  return { supervisor, starter, advance, states, demanded };
}

async function serving() {
  const setup = setUp();
  const demand = setup.supervisor.demand();
  await settle();
  const generation = await setup.starter.succeed();
  return { ...setup, generation, demand };
}

describe('PluginSupervisor: a plugin that is started on demand', () => {
  it('is not started before somebody needs it, and holds up nobody who waits for first starts', async () => {
    const { supervisor, starter } = setUp();
    await supervisor.settled;
    expect(starter.requests).toEqual([]);
    expect(supervisor.status()).toMatchObject({ state: 'stopped', reason: '', generation: 0, pid: null });
  });

  it('is started once for all who need it, and each gets it', async () => {
    const { supervisor, starter } = setUp();
    const demands = [supervisor.demand(), supervisor.demand()];
    await settle();
    expect(starter.requests).toHaveLength(1);
    const generation = await starter.succeed();
    expect(await Promise.all([...demands, supervisor.demand()])).toEqual([generation, generation, generation]);
  });

  it('is there for nobody when its start fails, which says why, and is tried again', async () => {
    const { supervisor, starter, demanded, advance } = setUp();
    const demand = supervisor.demand();
    await settle();
    await starter.fail('No handshake.');
    expect(await demand).toBeUndefined();
    expect(supervisor.status()).toMatchObject({ state: 'backoff', reason: 'No handshake.' });
    expect(await demanded()).toBeUndefined();
    await advance(1_000);
    const generation = await starter.succeed();
    expect(await supervisor.demand()).toBe(generation);
  });

  it('ends when nobody has needed it for its time, and comes back', async () => {
    const { supervisor, starter, advance, generation, states } = await serving();
    await advance(9_000);
    expect(supervisor.serving).toBe(generation);
    await advance(2_000);
    expect(supervisor.serving).toBeUndefined();
    expect(generation.farewell).toBe('unload');
    expect(states.slice(-2)).toEqual(['stopped', 'stopped']);
    void supervisor.demand();
    await settle();
    expect(await starter.succeed()).toBe(supervisor.serving);
    expect(supervisor.status()).toMatchObject({ state: 'ready', generation: 2, restarts: 0 });
  });

  it('goes on while it is called, or was just asked for', async () => {
    const { supervisor, advance, generation } = await serving();
    generation.calls.active = 1;
    await advance(60_000);
    generation.calls.active = 0;
    await advance(8_000);
    await supervisor.demand();
    await advance(8_000);
    expect(supervisor.serving).toBe(generation);
    await advance(3_000);
    expect(supervisor.serving).toBeUndefined();
  });

  it('is not woken by a changed definition, unless that wants it to run always', async () => {
    const { supervisor, starter } = setUp();
    supervisor.apply(resting({ reloads: 1 }));
    await settle();
    expect(starter.requests).toEqual([]);
    supervisor.apply(resting({ reloads: 2, onDemand: undefined }));
    await settle();
    expect(starter.requests).toHaveLength(1);
  });

  it('is reloaded while it is there, and the new one rests in its turn', async () => {
    const { supervisor, starter, advance } = await serving();
    supervisor.apply(resting({ reloads: 1 }));
    await settle();
    await advance(20_000);
    const next = await starter.succeed();
    expect(supervisor.serving).toBe(next);
    await advance(11_000);
    expect(supervisor.serving).toBeUndefined();
    expect(next.farewell).toBe('unload');
  });

  it('can be removed while it rests and while somebody waits for it', async () => {
    const asleep = setUp();
    await asleep.supervisor.remove('unload');
    expect(asleep.supervisor.status().state).toBe('stopped');
    expect(await asleep.supervisor.demand()).toBeUndefined();
    expect(asleep.starter.requests).toEqual([]);
    const waking = setUp();
    const demand = waking.supervisor.demand();
    await settle();
    const removed = waking.supervisor.remove('unload');
    expect(await demand).toBeUndefined();
    await removed;
  });

  it('runs always where somebody else runs it', async () => {
    const { starter } = setUp(resting({ deployment: { kind: 'grpc', address: 'plugin.example:9000', tls: { mode: 'plaintext' } } }));
    await settle();
    expect(starter.requests).toHaveLength(1);
  });
});
