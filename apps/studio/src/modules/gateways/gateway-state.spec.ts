import { gatewayState, LAG_TOLERANCE_MS, LEASE_MS, type GatewayStanding } from './gateway-state';

const NOW = 1_800_000_000_000;

function standing(change: Partial<GatewayStanding>): GatewayStanding {
  return { nowMs: NOW, lastHeartbeatMs: NOW - 1_000, applied: { epoch: 'a', revision: 7 }, current: { epoch: 'a', revision: 7, sinceMs: NOW - 3_600_000 }, ...change };
}

describe('gatewayState', () => {
  it('is fresh with a lease and the newest revision', () => expect(gatewayState(standing({}))).toBe('fresh'));

  it('is fresh when it already applied what is being published', () =>
    expect(gatewayState(standing({ applied: { epoch: 'a', revision: 8 } }))).toBe('fresh'));

  it('lags for a while after a write, then is stale', () => {
    const behind = (sinceMs: number) => standing({ current: { epoch: 'a', revision: 8, sinceMs } });
    expect(gatewayState(behind(NOW - LAG_TOLERANCE_MS))).toBe('lagging');
    expect(gatewayState(behind(NOW - LAG_TOLERANCE_MS - 1))).toBe('stale');
  });

  it('does not compare revisions of two epochs', () => expect(gatewayState(standing({ applied: { epoch: 'before-the-restore', revision: 900 } }))).toBe('stale'));

  it('is stale when it never applied anything', () => expect(gatewayState(standing({ applied: null }))).toBe('stale'));

  it('is unreachable once the lease has run out, whatever it applied', () => {
    expect(gatewayState(standing({ lastHeartbeatMs: NOW - LEASE_MS }))).toBe('fresh');
    expect(gatewayState(standing({ lastHeartbeatMs: NOW - LEASE_MS - 1 }))).toBe('unreachable');
  });

  it('is unreachable when it enrolled and was never heard of again', () => expect(gatewayState(standing({ lastHeartbeatMs: null }))).toBe('unreachable'));
});
