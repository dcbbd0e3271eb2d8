import { FakeClock } from '@sluice/kernel';
import { LimitWatch } from './limit-watch';

function watch(limits: { pids?: number; cpu?: number }) {
  const clock = new FakeClock(0);
  const group = { refusedForks: 0, heldBack: 0 };
  const said: string[] = [];
  const limitWatch = new LimitWatch({ clock, limits, group, say: (sentence) => said.push(sentence) });
  limitWatch.start();
  return { clock, group, said, limitWatch };
}

describe('LimitWatch', () => {
  it('says that processes were refused, now and then and not each time', () => {
    const { clock, group, said } = watch({ pids: 25 });
    clock.advance(2_000);
    expect(said).toEqual([]);
    for (let round = 0; round < 10; round += 1) {
      group.refusedForks += 3;
      clock.advance(2_000);
    }
    expect(said).toEqual(['The plugin was refused another process 3 times: it may have 25.']);
    clock.advance(20_000);
    expect(said[1]).toBe('The plugin was refused another process 27 times: it may have 25.');
  });

  it('says that a plugin wants more processor time only when that lasts', () => {
    const { clock, group, said } = watch({ cpu: 0.5 });
    group.heldBack += 20;
    clock.advance(2_000);
    clock.advance(2_000);
    for (let round = 0; round < 3; round += 1) {
      expect(said).toEqual([]);
      group.heldBack += 18;
      clock.advance(2_000);
    }
    expect(said).toEqual(['The plugin is held back: it wants more than its limit of 0.5 processor cores.']);
  });

  it('looks no more once it is stopped', () => {
    const { clock, group, said, limitWatch } = watch({ pids: 1 });
    limitWatch.stop();
    group.refusedForks = 1;
    clock.advance(60_000);
    expect(said).toEqual([]);
  });
});
