import { CrashWindow } from './crash-window';

describe('CrashWindow', () => {
  it('calls five crashes within ten minutes a loop', () => {
    const window = new CrashWindow();
    for (const at of [0, 1_000, 2_000, 3_000]) window.add(at);
    expect(window.isLoop(3_000)).toBe(false);
    window.add(4_000);
    expect(window.isLoop(4_000)).toBe(true);
  });

  it('forgets what is ten minutes old', () => {
    const window = new CrashWindow();
    for (const at of [0, 1_000, 2_000, 3_000, 4_000]) window.add(at);
    expect(window.isLoop(599_999)).toBe(true);
    expect(window.isLoop(600_000)).toBe(false);
  });
});
