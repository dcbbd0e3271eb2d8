import {
  type AnalyticsRequest,
  type BudgetUsageRequest,
  DataCollectionResponse,
  type ProxyLogRequest,
} from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { fromUnixSeconds } from './unix-time';

type At<T, Times extends keyof T> = Omit<T, Times | 'context'> & { [K in Times]: Date };

/** One request and its answer, as they went over the wire. */
export type ProxyLog = At<ProxyLogRequest, 'timestamp'>;
/** What one call of a model used and cost. */
export type Analytics = At<AnalyticsRequest, 'timestamp'>;
/** What an app used in a budget period. */
export type BudgetUsage = At<BudgetUsageRequest, 'timestamp' | 'periodStart' | 'periodEnd'>;

/** Hook `data_collection`: gets what happened, for a store of the plugin's own. Implement what is needed of it. */
export interface DataCollector {
  handleProxyLog?(ctx: Context, log: ProxyLog): void | Promise<void>;
  handleAnalytics?(ctx: Context, analytics: Analytics): void | Promise<void>;
  handleBudgetUsage?(ctx: Context, usage: BudgetUsage): void | Promise<void>;
}

const handled = () => DataCollectionResponse.create({ success: true, handled: true });
const notHandled = () => DataCollectionResponse.create({ success: true, handled: false });
const failed = (errorMessage: string) => DataCollectionResponse.create({ success: false, handled: false, errorMessage });

export const dataCollection = [
  unary<'handleProxyLog', Required<DataCollector>>('handleProxyLog', {
    method: 'handleProxyLog',
    answer: async (plugin, ctx, { context: _, timestamp, ...log }) => {
      await plugin.handleProxyLog(ctx, { ...log, timestamp: fromUnixSeconds(timestamp) });
      return handled();
    },
    otherwise: notHandled,
    failed,
  }),
  unary<'handleAnalytics', Required<DataCollector>>('handleAnalytics', {
    method: 'handleAnalytics',
    answer: async (plugin, ctx, { context: _, timestamp, ...analytics }) => {
      await plugin.handleAnalytics(ctx, { ...analytics, timestamp: fromUnixSeconds(timestamp) });
      return handled();
    },
    otherwise: notHandled,
    failed,
  }),
  unary<'handleBudgetUsage', Required<DataCollector>>('handleBudgetUsage', {
    method: 'handleBudgetUsage',
    answer: async (plugin, ctx, { context: _, timestamp, periodStart, periodEnd, ...usage }) => {
      await plugin.handleBudgetUsage(ctx, {
        ...usage,
        timestamp: fromUnixSeconds(timestamp),
        periodStart: fromUnixSeconds(periodStart),
        periodEnd: fromUnixSeconds(periodEnd),
      });
      return handled();
    },
    otherwise: notHandled,
    failed,
  }),
];
