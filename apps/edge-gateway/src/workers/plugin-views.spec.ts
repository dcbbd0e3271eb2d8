import { OutsideCalls, type PluginGeneration } from '@sluice/plugin-runtime';
import { pino } from 'pino';
import type { PluginView } from './messages';
import { PluginViews } from './plugin-views';

const heard: string[] = [];
const watch = { received: (bytes: number) => void heard.push(`received ${bytes}`), streamTimedOut: () => undefined, refusedMessage: () => undefined, slowed: (rate: number) => void heard.push(`slowed to ${rate}`) };
beforeEach(() => heard.splice(0));

function generationOf(generation: number, options: { remote?: boolean } = {}): PluginGeneration & { sharing: { calls: OutsideCalls }; end(): void } {
  let end = () => undefined as void;
  const over = new Promise<void>((resolve) => (end = resolve));
  const link = options.remote ? undefined : { address: { network: 'unix' as const, path: `/run/${generation}` }, transport: 'lane' as const };
  const answers = { manifestJson: '', configSchemaJson: '', endpoints: [], objectHooks: [], resourceTypes: [] };
  return { pluginId: 1, generation, channel: {} as PluginGeneration['channel'], answers, serviceBrokerId: 1, sharing: { link, calls: new OutsideCalls(), watch, over }, end };
}

function host(options: { sharers?: number; failures?: number } = {}) {
  const shown: PluginView[] = [];
  const ended: number[] = [];
  const closed: string[] = [];
  let serving: PluginGeneration | undefined;
  let failures = options.failures ?? 0;
  const relays = { open: (generation: PluginGeneration) => failures-- > 0 ? Promise.reject(new Error('no room')) : Promise.resolve({ link: { address: { network: 'unix' as const, path: '/relay' }, transport: 'lane' as const, relayed: true as const }, close: () => void closed.push(`${generation.generation}`) }) };
  const views = new PluginViews({ serving: () => serving }, relays, pino({ level: 'silent' }), options.sharers);
  views.listen({ shown: (view) => void shown.push(view), ended: ({ generation }) => void ended.push(generation) });
  const serve = (generation: PluginGeneration | undefined) => {
    serving = generation;
    views.look(1);
  };
  return { views, shown, ended, closed, serve };
}

describe('what workers see of plugins', () => {
  it('is the generation that serves, which a worker then holds until it lets it go', () => {
    const { views, shown, serve } = host();
    views.join(7);
    const [first, second] = [generationOf(1), generationOf(2)];
    serve(first);
    serve(second);
    expect(shown.map((view) => view.serving?.generation)).toEqual([1, 2]);
    expect([first.sharing.calls.isHeld, second.sharing.calls.isHeld]).toEqual([true, true]);
    views.report(7, [{ pluginId: 1, generation: 1, calls: 2, streams: 1, lastRequestId: 'r', lastRequestAtMs: 20 }]);
    views.report(8, [{ pluginId: 1, generation: 1, calls: 0, streams: 0, lastRequestId: 'before', lastRequestAtMs: 10 }]);
    expect([first.sharing.calls.activeCalls, first.sharing.calls.activeStreams, first.lastRequestId]).toEqual([2, 1, 'r']);
    views.released(7, { pluginId: 1, generation: 1 });
    expect(first.sharing.calls.isHeld).toBe(false);
  });

  it('is there for a worker that begins later', () => {
    const { views, serve } = host();
    const generation = generationOf(1);
    serve(generation);
    expect(generation.sharing.calls.isHeld).toBe(false);
    expect(views.join(8).map((view) => view.serving?.generation)).toEqual([1]);
    expect(generation.sharing.calls.isHeld).toBe(true);
    views.leave(8);
    expect(generation.sharing.calls.isHeld).toBe(false);
  });

  it('is nothing when nothing serves, and the end of a process is told', async () => {
    const { views, shown, ended, serve } = host();
    const generation = generationOf(1);
    serve(generation);
    serve(undefined);
    generation.end();
    await new Promise(setImmediate);
    expect([shown.at(-1), ended, views.join(9)]).toEqual([{ pluginId: 1, serving: null }, [1], []]);
  });

  it('leads through a relay to a plugin with one connection, for as long as that is there', async () => {
    const { shown, closed, serve } = host();
    const generation = generationOf(1, { remote: true });
    serve(generation);
    await new Promise(setImmediate);
    expect(shown[0]?.serving?.link).toMatchObject({ address: { path: '/relay' }, relayed: true });
    generation.end();
    await new Promise(setImmediate);
    expect(closed).toEqual(['1']);
  });

  it('leads there in the end, when the relay could not be opened at first', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      const { shown, serve } = host({ failures: 2 });
      serve(generationOf(1, { remote: true }));
      await new Promise(setImmediate);
      expect(shown).toEqual([]);
      await jest.advanceTimersByTimeAsync(5_000);
      expect(shown.map((view) => view.serving?.generation)).toEqual([1]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is not looked for any more when it does not serve', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      const { shown, serve } = host({ failures: 1 });
      serve(generationOf(1, { remote: true }));
      await new Promise(setImmediate);
      serve(undefined);
      await jest.advanceTimersByTimeAsync(5_000);
      expect(shown).toEqual([{ pluginId: 1, serving: null }]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('comes back as what all workers together may do', () => {
    const { views, shown, serve } = host({ sharers: 3 });
    const generation = generationOf(1);
    Object.assign(generation.sharing.link!, { streamBytesPerSecond: 100_000 });
    serve(generation);
    views.remark({ pluginId: 1, generation: 1 }, { what: 'slowed', bytesPerSecond: shown[0]!.serving!.link.streamBytesPerSecond! });
    expect(heard).toEqual(['slowed to 100000']);
  });

  it.each([
    ['from a worker with a connection of its own', false, ['received 2000000']],
    ['not from one that goes through a relay: it has come by already', true, []],
  ])('hears of large answers %s', async (_, remote, expected) => {
    const { views, serve } = host();
    serve(generationOf(1, { remote }));
    await new Promise(setImmediate);
    views.remark({ pluginId: 1, generation: 1 }, { what: 'received', bytes: 2_000_000 });
    expect(heard).toEqual(expected);
  });
});
