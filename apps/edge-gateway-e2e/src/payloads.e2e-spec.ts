import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@sluice/testing';
import { Stack } from './stack/stack';
import { writePlugin } from './stack/written-plugin';

jest.setTimeout(240_000);

const EACH = 5_000;
const SENDERS = ['one', 'two'];
const MANIFEST = { permissions: { services: ['control.send'] } };

/** Queues numbered payloads on the gateway; in the studio it writes down what arrives, and refuses what it is told to refuse. */
const SENDER = `
  initialize(ctx, config) { this.file = config.string('file'); }
  endpoints() { return [{ path: '/*', methods: ['GET', 'POST'] }]; }
  async handleEndpoint(ctx, request) {
    if (request.path.endsWith('/ready')) return 'ready';
    const { from, count, size, text } = Object.fromEntries(request.query);
    let pending = 0;
    for (let n = Number(from); n < Number(from) + Number(count); n += 1) {
      const payload = size ? Buffer.alloc(Number(size)) : Buffer.from(text ?? String(n));
      const answer = await ctx.services.gateway.queueControlPayload({ payload, correlationId: 'c' + n, metadata: { n: String(n) } });
      if (!answer.success) return { status: 422, body: answer.errorMessage };
      pending = Number(answer.pendingCount);
    }
    return String(pending);
  }
  acceptEdgePayload(ctx, { payload, edgeId, correlationId, metadata }) {
    if (payload.toString() === 'bad') throw new Error('this one is bad');
    if (payload.toString() === 'not mine') return false;
    require('node:fs').appendFileSync(this.file, [payload.toString(), edgeId, correlationId, metadata['sluice.payload_id'], metadata['sluice.redelivered'] ?? ''].join(' ') + '\\n');
  }
`;

interface Arrival {
  text: string;
  edgeId: string;
  correlationId: string;
  payloadId: string;
  redelivered: boolean;
}

interface DeadPayload {
  id: number;
  state: string;
  reason: string;
  correlation_id: string;
  refusals: number;
}

let stack: Stack;
const ids = new Map<string, number>();

beforeAll(async () => {
  stack = await Stack.start();
  for (const slug of SENDERS) {
    const { id } = await stack.api.createEcho(slug, { file: fileOf(slug), content: undefined }, { command: writePlugin(stack.folder, slug, SENDER, MANIFEST) });
    ids.set(slug, id);
    await stack.api.approve(id, ['control.send']);
    await stack.untilServing(slug);
  }
});
afterAll(() => stack?.close());

const fileOf = (slug: string) => join(stack.folder, `${slug}.log`);

function arrivals(slug: string): Arrival[] {
  if (!existsSync(fileOf(slug))) return [];
  const lines = readFileSync(fileOf(slug), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [text = '', edgeId = '', correlationId = '', payloadId = '', redelivered = ''] = line.split(' ');
    return { text, edgeId, correlationId, payloadId, redelivered: redelivered === 'true' };
  });
}

async function queue(slug: string, query: string): Promise<{ status: number; text: string }> {
  const response = await stack.get(`/plugins/${slug}/queue?${query}`);
  return { status: response.status, text: await response.text() };
}

const payloadsOf = (slug: string, state: string) => stack.api.call<DeadPayload[]>('GET', `/api/v1/plugins/${ids.get(slug)}/payloads?state=${state}`);

describe('what plugins queue on a gateway', () => {
  it('all arrives in the studio and in order, though the studio is killed and started three times meanwhile', async () => {
    let queued = 0;
    const sending = SENDERS.map(async (slug) => {
      for (let from = 0; from < EACH; from += 100) {
        expect(await queue(slug, `from=${from}&count=100`)).toMatchObject({ status: 200 });
        queued += 100;
      }
    });
    const kills = (async () => {
      for (let kill = 1; kill <= 3; kill += 1) {
        await waitFor(() => queued >= (kill * SENDERS.length * EACH) / 5, { timeoutMs: 120_000, message: `enough is queued for kill ${kill}` });
        await stack.studio.kill();
        await stack.startStudio();
      }
    })();
    await Promise.all([...sending, kills]);

    const distinct = (slug: string) => new Set(arrivals(slug).map(({ text }) => text)).size;
    await waitFor(() => SENDERS.every((slug) => distinct(slug) === EACH), { timeoutMs: 120_000, message: () => `all arrive; so far ${SENDERS.map(distinct).join(' and ')}` });
    for (const slug of SENDERS) {
      const all = arrivals(slug);
      const firsts = all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
      expect(firsts.map(({ text }) => Number(text))).toEqual(Array.from({ length: EACH }, (_, index) => index));
      expect(all.filter((arrival) => !firsts.includes(arrival) && !arrival.redelivered)).toEqual([]);
      expect(new Set(all.map(({ payloadId }) => payloadId)).size).toBe(EACH);
      expect(all[7]).toMatchObject({ edgeId: 'e2e', correlationId: 'c7' });
      expect(await payloadsOf(slug, 'dead')).toEqual([]);
    }
    await waitFor(async () => (await stack.metric('sluice_plugin_payloads_pending')) === 0, { message: 'the outbox is empty' });
  });

  it('survives the gateway as well: what was answered with success arrives after it was killed', async () => {
    await stack.studio.kill();
    expect(await queue('one', 'from=90000&count=50')).toEqual({ status: 200, text: expect.stringMatching(/^(50|5\d)$/) });
    await stack.gateway.kill();
    await stack.startGateway();
    await stack.startStudio();
    const late = () => arrivals('one').filter(({ text }) => Number(text) >= 90_000).map(({ text }) => Number(text));
    await waitFor(() => new Set(late()).size === 50, { timeoutMs: 60_000, message: 'all 50 arrive' });
    expect([...new Set(late())]).toEqual(Array.from({ length: 50 }, (_, index) => 90_000 + index));
  });

  it('is kept as dead, with the reason, when the plugin has no use for it, and delivered again on request', async () => {
    await stack.untilServing('two');
    expect(await queue('two', 'from=70000&count=1&text=not%20mine')).toMatchObject({ status: 200 });
    expect(await queue('two', 'from=70001&count=1')).toMatchObject({ status: 200 });
    await waitFor(() => arrivals('two').some(({ text }) => text === '70001'), { timeoutMs: 60_000, message: 'the one behind it arrives' });
    const dead = await payloadsOf('two', 'dead');
    expect(dead).toMatchObject([{ state: 'dead', reason: 'The plugin says that the payload is not for it.', correlation_id: 'c70000', refusals: 1 }]);
    const path = `/api/v1/plugins/${ids.get('two')}/payloads/${dead[0]!.id}/retry`;
    expect(await stack.api.call('POST', path)).toMatchObject({ state: 'pending' });
    await waitFor(async () => (await payloadsOf('two', 'dead'))[0]?.refusals === 1, { timeoutMs: 30_000, message: 'it is dead again' });
    await stack.api.call('POST', path);
  });

  it('is retried when the plugin refuses it, with its words', async () => {
    expect(await queue('one', 'from=80000&count=1&text=bad')).toMatchObject({ status: 200 });
    await waitFor(async () => ((await payloadsOf('one', 'pending'))[0]?.refusals ?? 0) >= 2, { timeoutMs: 60_000, message: 'it is tried twice' });
    expect(await payloadsOf('one', 'pending')).toMatchObject([{ reason: expect.stringContaining('this one is bad') }]);
  });

  it('may have 1 MB, and the refusal of more says so', async () => {
    expect(await queue('two', `from=60000&count=1&size=${1_048_576 + 1}`)).toEqual({ status: 422, text: 'The payload has 1048577 bytes; at most 1048576 (1 MB) are allowed.' });
  });
});
