import { FakeClock } from '@sluice/kernel';
import { definition, silentLogger } from '../testing/test-host';
import { ProgramGarbage } from './program-garbage';

const plugin = (digest: string) => definition({ deployment: { kind: 'oci', reference: 'oci://r.example/echo:1', digest } });

describe('ProgramGarbage', () => {
  const collected: (readonly string[])[] = [];
  const programs = { resolve: jest.fn(), obtain: jest.fn(), collectGarbage: async (keep: readonly string[]) => (collected.push(keep), []) };
  const none = () => [];
  const clock = new FakeClock();
  const garbage = new ProgramGarbage({ programs, clock, delayMs: 1_000, logger: silentLogger() });

  it('waits until what was replaced has drained, and keeps what is named by then', () => {
    garbage.follow([plugin('sha256:a')], none);
    clock.advance(900);
    garbage.follow([plugin('sha256:b'), definition({ deployment: { kind: 'file', path: '/x', digest: 'sha256:f' } })], none);
    clock.advance(900);
    expect(collected).toEqual([]);
    clock.advance(100);
    expect(collected).toEqual([['sha256:b']]);
  });

  it('does not begin anew for definitions that name the same', () => {
    garbage.follow([plugin('sha256:b')], none);
    clock.advance(10_000);
    expect(collected).toHaveLength(1);
  });

  it('keeps what still runs, or would be started again, and looks again until it does not', () => {
    let inUse = [plugin('sha256:b'), plugin('sha256:c')];
    collected.length = 0;
    garbage.follow([plugin('sha256:c')], () => inUse);
    clock.advance(1_000);
    expect(collected).toEqual([['sha256:c', 'sha256:b']]);
    inUse = [plugin('sha256:c')];
    clock.advance(1_000);
    expect(collected[1]).toEqual(['sha256:c']);
    clock.advance(10_000);
    expect(collected).toHaveLength(2);
  });

  it('does nothing after it was stopped', () => {
    garbage.follow([], none);
    garbage.stop();
    clock.advance(10_000);
    expect(collected).toHaveLength(2);
  });
});
