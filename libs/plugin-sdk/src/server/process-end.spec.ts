import { ProcessEnd } from './process-end';

describe('ProcessEnd', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('exits when the time of grace is over, whatever the plugin is doing', () => {
    const exits: number[] = [];
    new ProcessEnd(() => new Promise(() => undefined), (code) => exits.push(code)).within(500);
    jest.advanceTimersByTime(499);
    expect(exits).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(exits).toEqual([0]);
  });
});
