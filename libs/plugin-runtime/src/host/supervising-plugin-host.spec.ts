import { FakeClock } from '@sluice/kernel';
import { EventBus } from '../events/event-bus';
import { FakeStarter, settle } from '../testing/fake-starter';
import { definition, silentLogger } from '../testing/test-host';
import { DEFAULT_TIMINGS } from '../timings';
import { SupervisingPluginHost } from './supervising-plugin-host';

describe('SupervisingPluginHost', () => {
  it('waits no longer for the streams of a plugin that was removed before it closes than for those of the others', async () => {
    const clock = new FakeClock();
    const starter = new FakeStarter();
    const limits = { unaryMs: 30_000, streamMs: 300_000 };
    const host = new SupervisingPluginHost({ starter, events: new EventBus('gateway'), clock, timings: DEFAULT_TIMINGS, drainLimits: limits, logger: silentLogger() });
    host.apply([definition({ deployment: { kind: 'file', path: '/plugin' } })]);
    await settle();
    const generation = await starter.succeed();
    generation.calls.active = generation.calls.streams = 1;
    host.apply([]);
    let closed = false;
    void host.close().then(() => (closed = true));
    clock.advance(DEFAULT_TIMINGS.closeDrainMs - 50);
    await settle();
    expect(closed).toBe(false);
    clock.advance(50);
    await settle();
    expect(closed).toBe(true);
    expect(generation.farewell).toBe('unload');
  });
});
