import { createNoopMeter, metrics, type ObservableResult } from '@opentelemetry/api';
import type { CurrentState } from './current-state';
import type { Freshness } from './freshness';
import type { GatewayState } from './gateway-state';
import type { PluginFleet } from './plugin-fleet';
import { SnapshotMetrics } from './snapshot-metrics';

type Callback = (result: Pick<ObservableResult, 'observe'>) => void;
const gauges = new Map<string, Callback>();
const meter = Object.assign(Object.create(createNoopMeter()) as ReturnType<typeof createNoopMeter>, {
  createObservableGauge: (name: string) => ({ addCallback: (callback: Callback) => void gauges.set(name, callback) }),
});

beforeEach(() => {
  gauges.clear();
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
});
afterEach(() => metrics.disable());

it('says which revision is in force wherever requests are answered, and not which one is about to be', () => {
  const current = { get: () => ({ revision: 8 }) } as CurrentState;
  const enforced: { state?: GatewayState } = {};
  new SnapshotMetrics(current, { get: () => enforced.state }, {} as Freshness, {} as PluginFleet);
  const revisions: number[] = [];
  const look = () => gauges.get('sluice_snapshot_revision')!({ observe: (revision) => void revisions.push(revision) });
  look();
  enforced.state = { revision: 7 } as GatewayState;
  look();
  expect(revisions).toEqual([7]);
});
