import { capLimits, readLimits } from './plugin-limits';

describe('capLimits', () => {
  it('takes the smaller of what is asked and what is granted', () => {
    expect(capLimits({ memoryMb: 512, pids: 10 }, { memoryMb: 256, pids: 100 })).toEqual({ memoryMb: 256, pids: 10 });
  });

  it('gives what is granted to a plugin that asks for nothing, and keeps what has no cap', () => {
    expect(capLimits({ nofile: 64, network: 'none', startTimeoutMs: 5_000 }, { cpu: 1.5 })).toEqual({ nofile: 64, network: 'none', startTimeoutMs: 5_000, cpu: 1.5 });
    expect(capLimits(undefined, {})).toEqual({});
  });
});

describe('readLimits', () => {
  it('reads what is written and nothing else', () => {
    expect(readLimits({ memory_mb: 64, cpu: 0.5, network: 'none', start_timeout_ms: 90_000 })).toEqual({ memoryMb: 64, cpu: 0.5, network: 'none', startTimeoutMs: 90_000 });
    expect(readLimits({})).toBeUndefined();
    expect(readLimits(null)).toBeUndefined();
  });
});
