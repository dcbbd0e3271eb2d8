import { FakeClock } from '@sluice/kernel';
import { CostBudget } from './cost-budget';

describe('CostBudget', () => {
  it('lets a moment of rubbish pass', () => {
    const budget = new CostBudget(new FakeClock());
    for (let message = 0; message < 100; message++) budget.wasted(0.5, 1_000);
    expect(budget.pauseMs()).toBe(0);
  });

  it('holds a source up until what it cost is 0.3 percent of the time', () => {
    const clock = new FakeClock();
    const budget = new CostBudget(clock);
    budget.wasted(210, 0);
    expect(budget.pauseMs()).toBe(3_334);
    clock.advance(3_333);
    expect(budget.pauseMs()).toBeGreaterThan(0);
    clock.advance(1);
    expect(budget.pauseMs()).toBe(0);
  });

  it('keeps the share over any time, whatever comes', () => {
    const clock = new FakeClock();
    const budget = new CostBudget(clock);
    let spentMs = 0;
    const start = clock.now();
    for (let attempt = 0; attempt < 1_000; attempt++) {
      const ms = (attempt * 37) % 90;
      budget.wasted(ms, 0);
      spentMs += ms;
      clock.advance(budget.pauseMs());
    }
    expect(spentMs / (clock.now() - start)).toBeLessThan(0.0031);
  });

  it('counts bytes as well, and forgets in time', () => {
    const clock = new FakeClock();
    const budget = new CostBudget(clock);
    budget.wasted(0, 30_000_000);
    expect(budget.pauseMs()).toBe(33_334);
    clock.advance(1_000_000);
    budget.wasted(199, 0);
    expect(budget.pauseMs()).toBe(0);
  });
});
