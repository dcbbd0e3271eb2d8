import { ExecuteScheduledTaskResponse, ScheduleDefinition } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';

/** A schedule of the manifest, or one that the plugin made itself, whose time has come. */
export interface Schedule {
  id: string;
  name: string;
  cron: string;
  timezone: string;
  enabled: boolean;
  timeoutSeconds: number;
  config: unknown;
}

/** Runs scheduled tasks. A task that throws has failed, with that message. */
export interface SchedulerHandler {
  executeScheduledTask(ctx: Context, schedule: Schedule): void | Promise<void>;
}

export const scheduler = [
  unary<'executeScheduledTask', SchedulerHandler>('executeScheduledTask', {
    method: 'executeScheduledTask',
    answer: async (plugin, ctx, { schedule }) => {
      const { configJson, ...rest } = schedule ?? ScheduleDefinition.create();
      await plugin.executeScheduledTask(ctx, { ...rest, config: configJson === '' ? undefined : JSON.parse(configJson) });
      return ExecuteScheduledTaskResponse.create({ success: true });
    },
    otherwise: () => {
      throw new Error('This plugin has no scheduled tasks.');
    },
    failed: (errorMessage) => ExecuteScheduledTaskResponse.create({ success: false, errorMessage }),
  }),
];
