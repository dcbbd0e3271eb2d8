import { z } from 'zod';
import { pageQuery } from '../../http/pagination';
import type { PluginCrashEntity } from './plugin-crash.entity';

export const pluginCrashQuery = pageQuery;
export type PluginCrashQuery = z.output<typeof pluginCrashQuery>;

export const pluginCrashView = z.object({
  id: z.int(),
  gateway_id: z.int().nullable().describe('null: it happened in a studio.'),
  gateway: z.string().nullable(),
  generation: z.int(),
  digest: z.string().nullable().describe('Of what was executed; null where nothing was pinned.'),
  at: z.iso.datetime(),
  reason: z.string(),
  exit_code: z.int().nullable(),
  exit_signal: z.string().nullable(),
  last_request_id: z.string().nullable().describe('The request that was handed to the process last.'),
  last_log_lines: z.array(z.string()).describe('The newest last; at most 200.'),
  outcome: z.string().describe('What the host did: restarting, crash_loop (only probed from then on), kept_old_generation, or replaced (a newer one served already).'),
  restart_in_ms: z.int().nullable().describe('How long after the crash the next start was due.'),
});

export function viewPluginCrash({ crash, gateway }: { crash: PluginCrashEntity; gateway: string | null }): z.input<typeof pluginCrashView> {
  return {
    id: crash.id,
    gateway_id: crash.gatewayId,
    gateway,
    generation: crash.generation,
    digest: crash.digest,
    at: crash.happenedAt.toISOString(),
    reason: crash.reason,
    exit_code: crash.exitCode,
    exit_signal: crash.exitSignal,
    last_request_id: crash.lastRequestId,
    last_log_lines: [...crash.lastLogLines],
    outcome: crash.outcome,
    restart_in_ms: crash.restartInMs,
  };
}
