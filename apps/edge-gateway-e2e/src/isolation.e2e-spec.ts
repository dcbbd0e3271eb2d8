import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@sluice/testing';
import { Stack } from './stack/stack';
import { writePlugin } from './stack/written-plugin';

jest.setTimeout(120_000);

const isRoot = process.getuid?.() === 0;
const SECRETS = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`PLANTED_SECRET_${index}`, `planted-${index}-${'z'.repeat(20)}`]));
const whenRoot = isRoot ? it : it.skip;

interface GatewayStatus {
  reason: string;
  not_enforced: string[];
}

/** Looks for the secrets wherever it may, hoards memory, or is well. */
const CURIOUS = `
  endpoints() { return [{ path: '/*', methods: ['GET'] }]; }
  handleEndpoint(ctx, request) {
    const fs = require('node:fs');
    const read = (file) => { try { return fs.readFileSync(file, 'latin1'); } catch (error) { return error.code; } };
    if (request.pathSegments[0] === 'hoard') setInterval(() => (globalThis.held ??= []).push(Buffer.alloc(16 * 1048576, 1)), 10);
    if (request.pathSegments[0] !== 'look') return 'well';
    const found = (text) => (text.match(/planted-/g) ?? []).length;
    const everywhere = fs.readdirSync('/proc').filter((name) => Number(name) > 0).map((pid) => read('/proc/' + pid + '/environ')).join('\\n');
    return { body: JSON.stringify({ variables: found(JSON.stringify(process.env)), self: found(read('/proc/self/environ')), parent: read('/proc/' + process.ppid + '/environ'), everywhere: found(everywhere) }) };
  }`;

describe('plugins under users of their own', () => {
  let stack: Stack;
  let id: number;
  let command: string;

  beforeAll(async () => {
    stack = await Stack.start({ environment: { ...SECRETS, ...(isRoot && { PLUGIN_UID_RANGE: '233000-233099' }) } });
    command = writePlugin(stack.folder, 'curious', CURIOUS, { runtime: { resources: { memory_mb: 256 } } });
    ({ id } = await stack.api.createEcho('curious', {}, { command }));
    await stack.untilServing('curious');
  });
  afterAll(() => stack?.close());

  const status = async () => (await stack.api.call<{ gateways: GatewayStatus[] }>('GET', `/api/v1/plugins/${id}/status`)).gateways[0]!;

  whenRoot('find none of the secrets that stand in the environment of their host', async () => {
    expect(await (await stack.get('/plugins/curious/look')).json()).toEqual({ variables: 0, self: 0, parent: 'EACCES', everywhere: 0 });
  });

  whenRoot('have a status that says how far they are kept apart', async () => {
    await waitFor(async () => (await status())?.not_enforced !== undefined, { timeoutMs: 20_000, message: 'the gateway has reported' });
    const { not_enforced: open } = await status();
    expect(open.filter((sentence) => !sentence.includes('control groups'))).toEqual([]);
  });

  whenRoot('end when they take more memory than their manifest asks for, and the studio shows why', async () => {
    await waitFor(async () => (await status()) !== undefined, { timeoutMs: 20_000 });
    if ((await status()).not_enforced.length > 0) return;
    await (await stack.get('/plugins/curious/hoard')).text();
    const reason = 'The plugin ended by signal SIGKILL, because it needed more memory than its limit of 256 MiB.';
    const shown = async () => JSON.stringify(await stack.api.call('GET', `/api/v1/plugins/${id}/crashes`));
    await waitFor(async () => (await shown()).includes(reason), { timeoutMs: 30_000, message: 'the studio shows the limit' });
    await stack.untilServing('curious');
  });

  it('that were exchanged after they were registered are refused with both digests, and the one before goes on', async () => {
    const { digest } = await stack.api.call<{ digest: string }>('GET', `/api/v1/plugins/${id}`);
    appendFileSync(join(stack.folder, 'plugin-curious/main.js'), '\n// exchanged\n');
    await stack.api.call('POST', `/api/v1/plugins/${id}/reload`);
    await waitFor(async () => (await status()).reason.includes(`, and ${digest} was pinned.`), { timeoutMs: 30_000, message: 'the studio shows the refusal' });
    expect((await status()).reason).toMatch(/has changed since the plugin was registered: the folder .* is sha256:[0-9a-f]{64}, and/);
    expect((await stack.get('/plugins/curious/well')).status).toBe(200);
    await stack.api.call('POST', `/api/v1/plugins/${id}/validate-and-load`);
    await waitFor(async () => !(await status()).reason.includes('pinned'), { timeoutMs: 30_000, message: 'the new one serves' });
  });
});
