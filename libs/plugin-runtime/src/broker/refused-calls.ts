import type { Clock } from '@sluice/kernel';

export type RefusalReason = 'scope' | 'rate' | 'size';

/** A call of the Service API that was refused, to be written into the audit log. */
export interface RefusedCall {
  pluginId: number;
  pluginName: string;
  /** Full path: `/ai_studio_management.AIStudioManagementService/ListApps`. */
  method: string;
  reason: RefusalReason;
  /** The sentence that the plugin was told. */
  message: string;
  /** How many more there were since the one before that was told of. */
  repeated: number;
  /** Unix milliseconds. */
  at: number;
}

const APART_MS = 60_000;

/** Tells of refused calls once a minute for each plugin and method: a plugin in a loop fills no audit log. */
export class RefusedCalls {
  private readonly told = new Map<string, { at: number; since: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly tell: (call: RefusedCall) => void,
  ) {}

  add(call: Omit<RefusedCall, 'repeated' | 'at'>): void {
    const key = `${call.pluginId} ${call.method}`;
    const known = this.told.get(key);
    const at = this.clock.now();
    if (known && at - known.at < APART_MS) {
      known.since += 1;
      return;
    }
    this.told.set(key, { at, since: 0 });
    this.tell({ ...call, repeated: known?.since ?? 0, at });
  }
}
