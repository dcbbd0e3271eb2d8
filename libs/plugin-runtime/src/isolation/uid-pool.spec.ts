import { UidPool } from './uid-pool';

describe('UidPool', () => {
  it('gives each plugin its own, and every generation of it the same', () => {
    const pool = new UidPool({ first: 10, last: 11 });
    expect([pool.acquire('a'), pool.acquire('b'), pool.acquire('a')]).toEqual([10, 11, 10]);
  });

  it('gives none away twice, and one that is free again to the next', () => {
    const pool = new UidPool({ first: 10, last: 10 });
    pool.acquire('a');
    pool.acquire('a');
    pool.release('a');
    expect(() => pool.acquire('b')).toThrow('Every user id of PLUGIN_UID_RANGE (10-10) is taken by a plugin; make the range larger.');
    pool.release('a');
    expect(pool.acquire('b')).toBe(10);
  });
});
