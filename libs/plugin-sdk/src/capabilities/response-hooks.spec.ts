import { ask } from '../testing/ask';
import type { DataCollector, ProxyLog } from './data-collection';
import type { ResponseHandler } from './response';
import type { StreamCompleteHandler } from './stream-complete';

describe('a response handler', () => {
  const plugin: ResponseHandler = {
    onBeforeWriteHeaders: (_ctx, headers) => (headers['X-Keep'] ? undefined : { 'X-Added': 'yes' }),
    onBeforeWrite: (_ctx, { body, isStreamChunk }) => (isStreamChunk ? undefined : { body: body.toString().toUpperCase() }),
  };

  it('leaves alone by returning nothing', async () => {
    expect(await ask(plugin, 'onBeforeWriteHeaders', { headers: { 'X-Keep': '1' } })).toEqual({ modified: false, headers: {} });
    expect(await ask(plugin, 'onBeforeWrite', { body: Buffer.from('a'), isStreamChunk: true })).toMatchObject({ modified: false });
  });

  it('changes what it returns', async () => {
    expect(await ask(plugin, 'onBeforeWriteHeaders')).toEqual({ modified: true, headers: { 'X-Added': 'yes' } });
    expect(await ask(plugin, 'onBeforeWrite', { body: Buffer.from('a') })).toMatchObject({ modified: true, body: Buffer.from('A') });
  });

  it('keeps the body when it changes headers only', async () => {
    const headersOnly: ResponseHandler = { onBeforeWrite: () => ({ headers: { 'X-A': '1' } }) };
    expect(await ask(headersOnly, 'onBeforeWrite', { body: Buffer.from('kept') })).toMatchObject({ modified: true, body: Buffer.from('kept') });
  });
});

describe('a handler of complete streams', () => {
  it('gets the stream as a whole and has handled it', async () => {
    const seen: unknown[] = [];
    const plugin: StreamCompleteHandler = { onStreamComplete: (_ctx, stream) => (seen.push(stream), { cached: true }) };
    const request = { accumulatedResponse: Buffer.from('all'), statusCode: 200, chunkCount: 3, requestBody: Buffer.from('asked') };
    expect(await ask(plugin, 'onStreamComplete', request)).toEqual({ handled: true, cached: true, errorMessage: '' });
    expect(seen).toEqual([{ status: 200, headers: {}, body: Buffer.from('all'), chunkCount: 3, requestBody: Buffer.from('asked') }]);
  });
});

describe('a data collector', () => {
  it('gets times as dates and counts as they are', async () => {
    const seen: unknown[] = [];
    const plugin: DataCollector = {
      handleProxyLog: (_ctx, log: ProxyLog) => void seen.push(log.timestamp),
      handleBudgetUsage: (_ctx, usage) => void seen.push(usage.tokensUsed, usage.periodEnd),
    };
    expect(await ask(plugin, 'handleProxyLog', { timestamp: 1_700_000_000n })).toMatchObject({ success: true, handled: true });
    await ask(plugin, 'handleBudgetUsage', { tokensUsed: 2n ** 60n, periodEnd: 60n });
    expect(seen).toEqual([new Date('2023-11-14T22:13:20Z'), 2n ** 60n, new Date(60_000)]);
  });
});
