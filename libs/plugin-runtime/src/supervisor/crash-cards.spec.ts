import { FakeClock } from '@sluice/kernel';
import { FakeStarter, type FakeGeneration, settle } from '../testing/fake-starter';
import { definition, silentLogger } from '../testing/test-host';
import type { CrashCard } from './crash-card';
import { PluginSupervisor } from './plugin-supervisor';

const DIGEST = 'sha256:one';
const wants = (content: string) => definition({ deployment: { kind: 'file', path: '/plugin', digest: DIGEST }, config: { content } });
const END = { reason: 'The plugin ended by signal SIGSEGV.', exit: { code: null, signal: 'SIGSEGV' } };

async function ready() {
  const clock = new FakeClock(1_000_000);
  const starter = new FakeStarter();
  const told: CrashCard[] = [];
  let generations = 0;
  const supervisor = new PluginSupervisor(wants('first'), {
    starter,
    clock,
    timings: { stableAfterMs: 60_000, probeMs: 60_000 },
    drainLimits: { unaryMs: 30_000, streamMs: 300_000 },
    logger: silentLogger(),
    nextGeneration: () => (generations += 1),
    onChange: () => undefined,
    onCrash: (card) => told.push(card),
    random: () => 0.5,
  });
  supervisor.start();
  await settle();
  const generation = await starter.succeed();
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { supervisor, starter, generation, told, clock, advance };
}

async function fall(generation: FakeGeneration, silence?: Promise<void>): Promise<void> {
  generation.fall({ ...END, silence });
  await settle();
}

describe('a crash card', () => {
  it('tells of a generation that served: how it ended, its last request, its digest, and when the next one starts', async () => {
    const { supervisor, starter, generation, told } = await ready();
    starter.last.ring.add('last words');
    generation.lastRequestId = 'request-1';
    await fall(generation);
    expect(told).toEqual([
      expect.objectContaining({
        pluginId: 1,
        generation: 1,
        digest: DIGEST,
        at: 1_000_000,
        reason: END.reason,
        exitCode: null,
        exitSignal: 'SIGSEGV',
        lastRequestId: 'request-1',
        lastLogLines: ['last words'],
        outcome: 'restarting',
        restartInMs: 0,
      }),
    ]);
    expect(supervisor.crashes).toEqual(told);
  });

  it('waits for what the process wrote last', async () => {
    const { starter, generation, told } = await ready();
    let allRead: () => void = () => undefined;
    await fall(generation, new Promise((resolve) => (allRead = resolve)));
    expect(told).toEqual([]);
    starter.last.ring.add('panic: too late for others');
    allRead();
    await settle();
    expect(told[0]?.lastLogLines).toEqual(['panic: too late for others']);
  });

  it('tells of a start that failed while an older generation serves', async () => {
    const { supervisor, starter, told } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    await starter.fail('The plugin refused to initialise.');
    expect(told).toEqual([expect.objectContaining({ generation: 2, reason: 'The plugin refused to initialise.', exitCode: 3, outcome: 'kept_old_generation', restartInMs: null })]);
  });

  it('tells of a generation that ended while it finished its calls', async () => {
    const { supervisor, starter, generation, told } = await ready();
    generation.calls.active = generation.calls.streams = 1;
    supervisor.apply(wants('second'));
    await settle();
    await starter.succeed();
    await fall(generation);
    expect(told).toEqual([expect.objectContaining({ generation: 1, outcome: 'replaced' })]);
  });

  it('says when the plugin crashes again and again, and the last 20 are kept', async () => {
    const { supervisor, starter, generation, told, advance } = await ready();
    await fall(generation);
    for (let crash = 2; crash <= 25; crash++) {
      await advance(60_000);
      await starter.fail('Broken.');
    }
    expect(told.slice(0, 6).map(({ outcome }) => outcome)).toEqual(['restarting', 'restarting', 'restarting', 'restarting', 'crash_loop', 'crash_loop']);
    expect(told[5]).toMatchObject({ restartInMs: 60_000 });
    expect(supervisor.crashes.map((card) => card.generation)).toEqual(Array.from({ length: 20 }, (_, index) => index + 6));
  });

  it('is not made of a generation that was asked to end', async () => {
    const { supervisor, starter, generation, told, advance } = await ready();
    supervisor.apply(wants('second'));
    await settle();
    const second = await starter.succeed();
    await advance(100);
    expect(generation.farewell).toBe('unload');
    await fall(generation);
    const removed = supervisor.remove('unload');
    await fall(second);
    await removed;
    expect(told).toEqual([]);
  });
});

describe('the generations of a plugin', () => {
  it('are all shown while one takes over from another', async () => {
    const { supervisor, starter, generation, clock, advance } = await ready();
    const shown = () => supervisor.status().generations.map(({ generation: number, state }) => [number, state]);
    expect(shown()).toEqual([[1, 'ready']]);
    generation.calls.active = 3;
    generation.calls.streams = 2;
    clock.advance(1_000);
    supervisor.apply(wants('second'));
    await settle();
    expect(shown()).toEqual([[1, 'ready'], [2, 'starting']]);
    await starter.succeed();
    expect(supervisor.status().generations).toEqual([
      { generation: 1, state: 'draining', since: 1_001_000, pid: 1_001, activeCalls: 3, activeStreams: 2 },
      { generation: 2, state: 'ready', since: 1_001_000, pid: 1_002, activeCalls: 0, activeStreams: 0 },
    ]);
    generation.calls.active = generation.calls.streams = 0;
    await advance(100);
    expect(shown()).toEqual([[2, 'ready']]);
  });
});
