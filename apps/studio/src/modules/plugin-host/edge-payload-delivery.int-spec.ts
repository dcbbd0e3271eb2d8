import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rawPublicKey } from '@sluice/config-snapshot';
import { QueuedPayload } from '@sluice/contracts/edge';
import { FakeClock } from '@sluice/kernel';
import { waitFor } from '@sluice/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { TestStudio } from '../../testing/test-studio';
import { EdgePayloadIntake, type SendingGateway } from '../edge-payloads';
import { LOCK_CLASS } from './delivery-lanes';
import { MAX_REFUSALS } from './edge-payload-delivery';

jest.setTimeout(120_000);

const SDK = JSON.stringify(resolve(__dirname, '../../../../../libs/plugin-sdk/dist/index.js'));
const MANIFEST = { id: 'com.example.receiver', name: 'receiver', version: '1.0.0', capabilities: { hooks: ['custom_endpoint'] }, permissions: { services: ['control.send'] } };

describe('delivery of payloads', () => {
  const clock = new FakeClock(Date.now());
  let folder: string;
  let studio: TestStudio;
  let gateway: SendingGateway;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sl-receiver-'));
    const log = JSON.stringify(join(folder, 'log'));
    writeFileSync(join(folder, 'plugin.manifest.json'), JSON.stringify(MANIFEST));
    writeFileSync(
      join(folder, 'main.js'),
      `const { BasePlugin, serve } = require(${SDK});
       const note = (text) => require('node:fs').appendFileSync(${log}, text + '\\n');
       serve(new (class extends BasePlugin {
         endpoints() { return [{ path: '/*', methods: ['GET'] }]; }
         async acceptEdgePayload(ctx, { payload, redelivered }) {
           note(payload.toString() + (redelivered ? ' again' : ''));
           if (payload.toString() === 'poison') throw new Error('cannot read this one');
           if (payload.toString() === 'deadly') process.exit(7);
           while (payload.toString() === 'slow' && !require('node:fs').existsSync(${log} + '.go')) await new Promise((resolve) => setTimeout(resolve, 20));
         }
       })({ id: 'com.example.receiver', version: '1.0.0' }));`,
    );
    studio = await TestStudio.start({ clock });
    const key = rawPublicKey(createPublicKey(generateKeyPairSync('ed25519').privateKey));
    const rows = await studio.app.get(DataSource).query(`INSERT INTO gateways (name, namespace, public_key, running_version, snapshot_format) VALUES ('eu', 'eu', $1, '1', 1) RETURNING id`, [key]);
    gateway = { id: rows[0].id, name: 'eu', namespace: 'eu' };
  });
  afterAll(async () => {
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => rmSync(join(folder, 'log'), { force: true }));

  const log = () => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(0, -1) : []);

  async function plugin(slug: string): Promise<number> {
    const { body } = await studio.call('POST', '/api/v1/plugins', { body: { name: slug, command: pathToFileURL(join(folder, 'main.js')).href, config: { slug } } });
    return body.data.id;
  }

  async function send(pluginId: number, ...texts: string[]): Promise<void> {
    const payloads = texts.map((text, index) => QueuedPayload.fromPartial({ pluginId, sequence: BigInt(index + 1), payload: Buffer.from(text) }));
    await studio.app.get(EdgePayloadIntake).take(gateway, { outboxId: 'box', payloads });
  }

  const approve = (id: number) => studio.call('POST', `/api/v1/plugins/${id}/approve-scopes`, { body: { scopes: ['control.send'] } });
  const rows = async (id: number) => (await studio.call('GET', `/api/v1/plugins/${id}/payloads`)).body.data;

  /** Lets the pauses after refusals pass while the studio looks again and again. */
  const untilPassed = (condition: () => boolean | Promise<boolean>) =>
    waitFor(
      () => {
        clock.advance(60_000);
        return condition();
      },
      { timeoutMs: 60_000, intervalMs: 500 },
    );

  it('begins when the plugin may send, for then it runs in the studio as well', async () => {
    const id = await plugin('quiet');
    await send(id, 'a', 'b');
    expect(await rows(id)).toHaveLength(2);
    await approve(id);
    await waitFor(async () => (await rows(id)).length === 0, { timeoutMs: 30_000 });
    expect(log()).toEqual(['a', 'b']);
  });

  it('tries what the plugin refuses again in its place, and keeps it as dead after that', async () => {
    const id = await plugin('poisoned');
    await approve(id);
    await send(id, 'before', 'poison', 'after');
    await untilPassed(async () => log().includes('after') && (await rows(id)).length === 1);
    expect(log()).toEqual(['before', 'poison', ...Array.from({ length: MAX_REFUSALS - 1 }, () => 'poison again'), 'after']);
    expect(await rows(id)).toMatchObject([{ state: 'dead', refusals: MAX_REFUSALS, reason: 'cannot read this one' }]);
  });

  it('stops in the middle of a batch when another studio may have the lane, so that payloads do not overtake each other', async () => {
    const id = await plugin('slow');
    await approve(id);
    await send(id, 'slow', 'next');
    await waitFor(() => log().includes('slow'), { timeoutMs: 30_000 });
    const other = new Client({ connectionString: studio.config.databaseUrl });
    await other.connect();
    try {
      await other.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'studio deliveries'`);
      await other.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, id]);
      writeFileSync(join(folder, 'log.go'), '');
      await waitFor(async () => (await rows(id)).length === 1, { timeoutMs: 30_000 });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(log()).toEqual(['slow']);
    } finally {
      await other.end();
    }
    await waitFor(async () => (await rows(id)).length === 0, { timeoutMs: 30_000 });
    expect(log()).toEqual(['slow', 'next']);
  });

  it('counts it as a refusal when a payload ends the plugin, and keeps the order', async () => {
    const id = await plugin('fragile');
    await approve(id);
    await send(id, 'deadly', 'after');
    // The clock stands still, so it is not tried again.
    await waitFor(async () => (await rows(id))[0]?.refusals >= 1, { timeoutMs: 30_000 });
    expect((await rows(id))[0]).toMatchObject({ state: 'pending', sequence: 1, reason: expect.stringContaining('The plugin returned an error.') });
    expect(log()).toEqual(['deadly']);
  });
});
