import { StudioClock } from './studio-clock';

const HOUR_MS = 3_600_000;

describe('StudioClock', () => {
  let local = 0;
  const clock = () => new StudioClock(() => local);
  beforeEach(() => (local = 1_000 * HOUR_MS));

  it('is the clock of this machine until the studio answers', () => expect(clock().now()).toBe(local));

  it.each([HOUR_MS, -HOUR_MS])('follows a studio that is %d ms off, and goes on by itself', (offsetMs) => {
    const studio = clock();
    expect(studio.learn(local + offsetMs)).toBe(true);
    local += 5_000;
    expect(studio.now()).toBe(local + offsetMs);
    expect(studio.learn(local + offsetMs + 200)).toBe(false);
    expect(studio.now()).toBe(local + offsetMs);
  });

  it('goes back to the clock of this machine once that is put right', () => {
    const studio = clock();
    studio.learn(local + HOUR_MS);
    local += HOUR_MS;
    expect(studio.learn(local + 3)).toBe(true);
    expect(studio.now()).toBe(local);
  });

  it.each([0, -1, Number.NaN, Infinity])('does not believe a time of %d', (time) => {
    const studio = clock();
    expect(studio.learn(time)).toBe(false);
    expect(studio.now()).toBe(local);
  });
});
