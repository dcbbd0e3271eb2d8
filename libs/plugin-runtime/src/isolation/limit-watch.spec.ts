import { FakeClock } from '@sluice/kernel';
import { LimitWatch } from './limit-watch';

function watch(limits: { pids?: number; cpu?: number }) {
  const clock = new FakeClock(0);
  const group = { refusedForks: 0, heldBack: 0, standBack: (back: boolean) => moves.push(back) };
  const told: unknown[] = [];
  const moves: boolean[] = [];
  const observer = { refusedProcesses: (times: number, limit: number) => told.push(['refused', times, limit]), heldBack: (cores: number) => told.push(['held back', cores]) };
  const limitWatch = new LimitWatch({ clock, limits, group, observer });
  limitWatch.start();
  return { clock, group, told, moves, limitWatch };
}

describe('LimitWatch', () => {
  it('tells how often processes were refused since it looked last', () => {
    const { clock, group, told } = watch({ pids: 25 });
    clock.advance(2_000);
    expect(told).toEqual([]);
    group.refusedForks = 3;
    clock.advance(2_000);
    clock.advance(2_000);
    group.refusedForks = 10;
    clock.advance(2_000);
    expect(told).toEqual([['refused', 3, 25], ['refused', 7, 25]]);
  });

  it('looks at the processor time twice a second', () => {
    const { clock, group, told } = watch({ cpu: 0.5 });
    for (let look = 0; look < 8; look += 1) {
      expect(told).toEqual([]);
      group.heldBack += 45;
      clock.advance(500);
    }
    expect(told).toEqual([['held back', 0.5]]);
  });

  it('lets a plugin stand back when others say so, also one without these limits', () => {
    const { clock, limitWatch, moves } = watch({});
    limitWatch.standBack();
    expect(moves).toEqual([true]);
    clock.advance(10_000);
    expect(moves).toEqual([true, false]);
  });

  it('looks no more once it is stopped', () => {
    const { clock, group, told, limitWatch } = watch({ pids: 1 });
    limitWatch.stop();
    group.refusedForks = 1;
    clock.advance(60_000);
    expect(told).toEqual([]);
  });
});
