import { AnalyticsRequest, BudgetUsageRequest, type DataCollectionResponse, ProxyLogRequest } from '@sluice/contracts/plugin';
import { context, declares, now, unaryRow } from './rpc-row';

const COLLECT_MS = 30_000;
const declared = declares('data_collection');
const judge = ({ success, errorMessage }: DataCollectionResponse) => (!success && errorMessage === '' ? 'It says success=false without a reason: set error_message.' : undefined);
const absent = { text: 'success=true and handled=false', is: ({ success, handled }: DataCollectionResponse) => success && !handled };

/** Capability `data_collection`. */
export const dataCollection = [
  unaryRow({
    rpc: 'handleProxyLog',
    declared,
    deadlineMs: COLLECT_MS,
    requests: () => [
      ProxyLogRequest.fromPartial({ appId: 1, userId: 1, vendor: 'openai', requestBody: Buffer.from('{}'), responseBody: Buffer.from('{}'), responseCode: 200, timestamp: now(), requestId: 'conformance-1', context: context() }),
    ],
    judge,
    absent,
  }),
  unaryRow({
    rpc: 'handleAnalytics',
    declared,
    deadlineMs: COLLECT_MS,
    requests: () => [
      AnalyticsRequest.fromPartial({ llmId: 1, modelName: 'conformance', vendor: 'openai', promptTokens: 3, responseTokens: 5, totalTokens: 8, cost: 0.25, currency: 'USD', appId: 1, userId: 1, timestamp: now(), requestId: 'conformance-1', context: context() }),
    ],
    judge,
    absent,
  }),
  unaryRow({
    rpc: 'handleBudgetUsage',
    declared,
    deadlineMs: COLLECT_MS,
    requests: () => [
      BudgetUsageRequest.fromPartial({ appId: 1, llmId: 1, tokensUsed: 8n, cost: 0.25, requestsCount: 1, promptTokens: 3n, completionTokens: 5n, periodStart: now() - 60n, periodEnd: now(), timestamp: now(), requestId: 'conformance-1', context: context() }),
    ],
    judge,
    absent,
  }),
];
