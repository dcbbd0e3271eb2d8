import { FakeClock } from '@sluice/kernel';
import { EventBus } from '../events/event-bus';
import { ProgramGarbage } from '../launch/program-garbage';
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
  it('names the program that serves among those in use when its successor has failed, and while it drains', async () => {
    const clock = new FakeClock();
    const starter = new FakeStarter();
    const keeps: (readonly string[])[] = [];
    const programs = { resolve: jest.fn(), obtain: jest.fn(), collectGarbage: async (keep: readonly string[]) => (keeps.push(keep), []) };
    const garbage = new ProgramGarbage({ programs, clock, delayMs: 1_000, logger: silentLogger() });
    const drainLimits = { unaryMs: 5_000, streamMs: 5_000 };
    const host = new SupervisingPluginHost({ starter, events: new EventBus('gateway'), clock, timings: DEFAULT_TIMINGS, drainLimits, logger: silentLogger(), garbage });
    const apply = async (digest: string) => {
      host.apply([definition({ deployment: { kind: 'oci', reference: 'oci://r.example/echo:1', digest } })]);
      await settle();
    };
    await apply('sha256:good');
    const good = await starter.succeed();
    good.calls.active = 1;
    await apply('sha256:bad');
    await starter.fail('It is not signed.');
    clock.advance(1_000);
    expect(keeps).toEqual([['sha256:bad', 'sha256:good']]);

    await apply('sha256:next');
    await starter.succeed();
    clock.advance(1_000);
    expect(keeps[1]).toEqual(['sha256:next', 'sha256:good']);
    good.calls.active = 0;
    clock.advance(50);
    await settle();
    clock.advance(1_000);
    expect(keeps[2]).toEqual(['sha256:next']);
    void host.close();
  });
});
