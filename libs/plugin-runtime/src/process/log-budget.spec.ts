import { FakeClock } from '@sluice/kernel';
import { LogBudget } from './log-budget';

function setUp() {
  const clock = new FakeClock();
  const dropped: number[] = [];
  const budget = new LogBudget(clock, (lines) => dropped.push(lines));
  const write = (lines: number, line = 'x') => Array.from({ length: lines }, () => budget.take(line)).filter(Boolean).length;
  return { clock, dropped, write };
}

describe('LogBudget', () => {
  it('takes 150 lines at once, and 500 a second', () => {
    const { clock, write } = setUp();
    expect(write(1_000)).toBe(150);
    clock.advance(100);
    expect(write(1_000)).toBe(50);
    clock.advance(60_000);
    expect(write(1_000)).toBe(150);
  });

  it('takes any one line, and then waits until it has room again', () => {
    const { clock, write } = setUp();
    const long = 'x'.repeat(64 * 1024);
    expect(write(10, long)).toBe(1);
    clock.advance(200);
    expect(write(10)).toBe(0);
    clock.advance(100);
    expect(write(10)).toBe(10);
  });

  it('tells once a second how many lines it left out', () => {
    const { clock, dropped, write } = setUp();
    write(200);
    clock.advance(500);
    write(200);
    expect(dropped).toEqual([]);
    clock.advance(500);
    write(1);
    expect(dropped).toEqual([100]);
  });
});
