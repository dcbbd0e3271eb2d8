import { FakeClock } from '@sluice/kernel';
import { HealthWatch } from './health-watch';

async function watch(answers: boolean[]): Promise<{ hangs: number; asked: number }> {
  const clock = new FakeClock();
  const result = { hangs: 0, asked: 0 };
  const health = new HealthWatch({
    clock,
    intervalMs: 5_000,
    check: () => Promise.resolve(answers[result.asked++] ?? true),
    onHang: () => (result.hangs += 1),
  });
  health.start();
  for (let round = 0; round < answers.length + 2; round += 1) {
    clock.advance(5_000);
    await new Promise(setImmediate);
  }
  health.stop();
  return result;
}

describe('HealthWatch', () => {
  it('calls three misses in a row a hang, and stops asking', async () => {
    expect(await watch([true, false, false, false])).toEqual({ hangs: 1, asked: 4 });
  });

  it('forgives misses once an answer comes', async () => {
    expect(await watch([false, false, true, false, false])).toMatchObject({ hangs: 0 });
  });
});
