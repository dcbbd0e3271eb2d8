import { FakeClock } from '@sluice/kernel';
import { KvStore } from './kv-store';

const bytes = (text: string) => Buffer.from(text);
const code = (action: () => unknown) => {
  try {
    action();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('KvStore', () => {
  const clock = new FakeClock(1_000);
  let kv: KvStore;
  beforeEach(() => {
    kv = new KvStore(clock, 100);
  });

  it('keeps values of each plugin apart', () => {
    expect(kv.write(1, 'k', bytes('one'))).toBe(true);
    expect(kv.write(2, 'k', bytes('two'))).toBe(true);
    expect(kv.write(1, 'k', bytes('three'))).toBe(false);
    expect([kv.read(1, 'k').toString(), kv.read(2, 'k').toString()]).toEqual(['three', 'two']);
    expect(kv.delete(1, 'k')).toBe(true);
    expect(kv.delete(1, 'k')).toBe(false);
    expect(code(() => kv.read(1, 'k'))).toBe('gateway.keyNotFound');
    expect(kv.read(2, 'k').toString()).toBe('two');
  });

  it('forgets a value when its time has come', () => {
    kv.write(1, 'k', bytes('v'), clock.now() + 10);
    clock.advance(9);
    expect(kv.read(1, 'k').toString()).toBe('v');
    clock.advance(1);
    expect(code(() => kv.read(1, 'k'))).toBe('gateway.keyNotFound');
    expect(kv.write(1, 'k', bytes('v'))).toBe(true);
  });

  it('gives a plugin a bounded space, and expired values do not count', () => {
    kv.write(1, 'a', Buffer.alloc(49), clock.now() + 10);
    kv.write(1, 'b', Buffer.alloc(49));
    expect(code(() => kv.write(1, 'c', bytes('x')))).toBe('gateway.quotaExceeded');
    expect(kv.write(1, 'b', Buffer.alloc(40))).toBe(false);
    expect(kv.write(2, 'c', bytes('x'))).toBe(true);
    clock.advance(10);
    expect(kv.write(1, 'c', Buffer.alloc(50))).toBe(true);
    expect(code(() => kv.write(1, 'd', Buffer.alloc(50)))).toBe('gateway.quotaExceeded');
  });

  it('refuses keys without text and values beyond 5 MB', () => {
    expect(code(() => kv.write(1, '', bytes('v')))).toBe('gateway.badKey');
    expect(code(() => kv.write(1, 'k'.repeat(1025), bytes('v')))).toBe('gateway.badKey');
    const large = new KvStore(clock);
    expect(code(() => large.write(1, 'k', Buffer.alloc(5 * 1_048_576 + 1)))).toBe('gateway.valueTooLarge');
    expect(large.write(1, 'k', Buffer.alloc(5 * 1_048_576))).toBe(true);
  });

  it('keeps its own copy of a value', () => {
    const value = bytes('abc');
    kv.write(1, 'k', value);
    value.fill(0);
    expect(kv.read(1, 'k').toString()).toBe('abc');
  });

  it('forgets plugins that are gone', () => {
    kv.write(1, 'k', bytes('v'));
    kv.write(2, 'k', bytes('v'));
    kv.retain(new Set([2]));
    expect(code(() => kv.read(1, 'k'))).toBe('gateway.keyNotFound');
    expect(kv.read(2, 'k').toString()).toBe('v');
  });
});
