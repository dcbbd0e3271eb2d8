import { LogRing } from './log-ring';

describe('LogRing', () => {
  it('shortens a long line without leaving half a character at its end', () => {
    const ring = new LogRing();
    ring.add(`x${'😀'.repeat(3_000)}`);
    expect(ring.last()[0]).toBe(`x${'😀'.repeat(2_047)}\ufffd…`);
  });

  it('keeps the newest lines', () => {
    const ring = new LogRing();
    for (let n = 0; n < 1_000; n += 1) ring.add(`${n}`);
    expect(ring.last(2)).toEqual(['998', '999']);
  });
});
