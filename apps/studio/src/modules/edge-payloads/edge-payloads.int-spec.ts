import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { rawPublicKey } from '@sluice/config-snapshot';
import { QueuedPayload } from '@sluice/contracts/edge';
import { FakeClock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { TestStudio } from '../../testing/test-studio';
import { DeadPayloadExpiry } from './dead-payload-expiry.service';
import { EdgePayloadIntake, type SendingGateway } from './edge-payload-intake.service';
import { EdgePayloadQueue } from './edge-payload-queue';

jest.setTimeout(60_000);

describe('payloads of gateways', () => {
  const clock = new FakeClock(Date.now());
  let studio: TestStudio;
  let intake: EdgePayloadIntake;
  let queue: EdgePayloadQueue;
  let eu: SendingGateway;
  let us: SendingGateway;

  beforeAll(async () => {
    studio = await TestStudio.start({ clock });
    intake = studio.app.get(EdgePayloadIntake);
    queue = studio.app.get(EdgePayloadQueue);
    [eu, us] = await Promise.all([gateway('eu'), gateway('us')]);
  });
  afterAll(() => studio.close());

  async function gateway(namespace: string): Promise<SendingGateway> {
    const key = rawPublicKey(createPublicKey(generateKeyPairSync('ed25519').privateKey));
    const rows = await studio.app.get(DataSource).query(`INSERT INTO gateways (name, namespace, public_key, running_version, snapshot_format) VALUES ($1, $1, $2, '1', 1) RETURNING id`, [namespace, key]);
    return { id: rows[0].id, name: namespace, namespace };
  }

  /** Inactive, so that nobody takes what is stored. */
  async function plugin(slug: string, namespace = ''): Promise<number> {
    return (await studio.call('POST', '/api/v1/plugins', { body: { name: slug, command: ECHO_PLUGIN, config: { slug }, is_active: false, namespace } })).body.data.id;
  }

  const payload = (pluginId: number, sequence: number, text = String(sequence)) =>
    QueuedPayload.fromPartial({ pluginId, sequence: BigInt(sequence), payload: Buffer.from(text), correlationId: `c${sequence}`, metadata: { n: 'a\u0000b' }, queuedAtMs: 1_000n });
  const send = (from: SendingGateway, payloads: QueuedPayload[], outboxId = 'box') => intake.take(from, { outboxId, payloads });
  const texts = async (pluginId: number) => (await queue.take(pluginId, 100)).map(({ payload: bytes }) => bytes.toString());
  const list = async (pluginId: number, query = '') => (await studio.call('GET', `/api/v1/plugins/${pluginId}/payloads${query}`)).body;

  it('are stored once, however often and in whatever company they come', async () => {
    const id = await plugin('once');
    const batches = [[1, 2], [1, 2], [1, 2, 3], [3, 4]].map((sequences) => sequences.map((sequence) => payload(id, sequence)));
    await Promise.all(batches.slice(0, 2).map((batch) => send(eu, batch)));
    for (const batch of batches.slice(2)) await send(eu, batch);
    expect(await texts(id)).toEqual(['1', '2', '3', '4']);
  });

  it('are known as sent before even after the plugin took them', async () => {
    const id = await plugin('taken');
    await send(eu, [payload(id, 1), payload(id, 2)]);
    await queue.remove((await queue.take(id, 100)).map((row) => row.id));
    await send(eu, [payload(id, 1), payload(id, 2), payload(id, 3)]);
    expect(await texts(id)).toEqual(['3']);
  });

  it('are told apart by gateway and by outbox, which count for themselves', async () => {
    const id = await plugin('apart');
    await send(eu, [payload(id, 1, 'eu')]);
    await send(us, [payload(id, 1, 'us')]);
    await send(eu, [payload(id, 1, 'after the disk was emptied')], 'another box');
    expect(await texts(id)).toEqual(['eu', 'us', 'after the disk was emptied']);
  });

  it('are all stored or not at all', async () => {
    const id = await plugin('whole');
    const broken = { ...payload(id, 2), payload: undefined as unknown as Buffer };
    await expect(send(eu, [payload(id, 1), broken])).rejects.toThrow();
    await send(eu, [payload(id, 1), payload(id, 2)]);
    expect(await texts(id)).toEqual(['1', '2']);
  });

  it('are dead when the plugin is not for that gateway, and dropped when it was deleted', async () => {
    const id = await plugin('elsewhere', 'us');
    await send(eu, [payload(999_999, 1), payload(id, 1)]);
    expect(await texts(id)).toEqual([]);
    expect((await list(id, '?state=dead')).data).toMatchObject([{ gateway: 'eu', reason: 'It came from a gateway of the namespace "eu", and the plugin is in "us".' }]);
  });

  it('count how often they were tried, wait after a refusal, and keep its reason', async () => {
    const id = await plugin('refused');
    await send(eu, [payload(id, 1), payload(id, 2)]);
    const [first, second] = await queue.take(id, 100);
    await queue.putBack([second!.id]);
    await queue.refuse(first!.id, 'no\u0000t today', 60_000);
    // The one behind it waits as well: the order is kept.
    expect(await texts(id)).toEqual([]);
    expect((await list(id)).data).toMatchObject([
      { sequence: 1, state: 'pending', attempts: 1, refusals: 1, reason: 'not today', not_before: expect.any(String), metadata: { n: 'ab' }, size_bytes: 1 },
      { sequence: 2, attempts: 0, refusals: 0, not_before: null },
    ]);
    await queue.refuse(first!.id, 'never', null);
    expect(await texts(id)).toEqual(['2']);
    const retried = await studio.call('POST', `/api/v1/plugins/${id}/payloads/${first!.id}/retry`);
    expect(retried).toMatchObject({ status: 200, body: { data: { state: 'pending', refusals: 0, reason: 'never' } } });
    expect(await texts(id)).toEqual(['1', '2']);
    const { body } = await studio.call('GET', `/api/v1/audit?target_type=edge_payload&target_id=${first!.id}`);
    expect(body.data).toMatchObject([{ action: 'edge_payload.retry', changes: { plugin_id: id, reason: 'never' } }]);
  });

  it('can be tried again only when they are dead and there', async () => {
    const id = await plugin('alive');
    const other = await plugin('other');
    await send(eu, [payload(id, 1)]);
    const [row] = (await list(id)).data;
    expect(await studio.call('POST', `/api/v1/plugins/${id}/payloads/${row.id}/retry`)).toMatchObject({ status: 409, body: { code: 'edgePayloads.notDead' } });
    expect(await studio.call('POST', `/api/v1/plugins/${other}/payloads/${row.id}/retry`)).toMatchObject({ status: 404, body: { code: 'edgePayloads.notFound' } });
  });

  /** A plugin with payloads 1 to `count`, the first `dead` of which are dead. */
  async function withDead(slug: string, count: number, dead: number): Promise<{ id: number; rows: { id: number }[] }> {
    const id = await plugin(slug);
    await send(eu, Array.from({ length: count }, (_, index) => payload(id, index + 1)));
    const { data } = await list(id);
    for (const row of data.slice(0, dead)) await queue.refuse(row.id, 'never', null);
    return { id, rows: data };
  }
  const states = async (id: number) => (await list(id)).data.map((row: { sequence: number; state: string }) => `${row.sequence} ${row.state}`);
  const audited = async (type: string, id: number) => (await studio.call('GET', `/api/v1/audit?target_type=${type}&target_id=${id}`)).body.data;

  it('are deleted one by one when they are dead, and the audit log knows what is gone', async () => {
    const { id, rows } = await withDead('deleted', 2, 1);
    const path = (row: { id: number }) => `/api/v1/plugins/${id}/payloads/${row.id}`;
    expect(await studio.call('DELETE', path(rows[1]!))).toMatchObject({ status: 409, body: { code: 'edgePayloads.notDead' } });
    expect((await studio.call('DELETE', path(rows[0]!))).status).toBe(204);
    expect(await studio.call('DELETE', path(rows[0]!))).toMatchObject({ status: 404, body: { code: 'edgePayloads.notFound' } });
    expect(await states(id)).toEqual(['2 pending']);
    expect(await audited('edge_payload', rows[0]!.id)).toMatchObject([{ action: 'edge_payload.delete', changes: { plugin_id: id, gateway_id: eu.id, sequence: 1, correlation_id: 'c1', reason: 'never' } }]);
    // What is deleted is not new when its gateway sends it once more.
    await send(eu, [payload(id, 1)]);
    expect(await states(id)).toEqual(['2 pending']);
  });

  it('are deleted all at once when they are dead, and never when they wait', async () => {
    const { id } = await withDead('emptied', 3, 2);
    const unsaid = await studio.call('DELETE', `/api/v1/plugins/${id}/payloads`);
    expect(unsaid).toMatchObject({ status: 400 });
    expect(unsaid.body.errors).toEqual([{ pointer: '/state', detail: 'Only dead payloads can be deleted: write state=dead.' }]);
    expect(await studio.call('DELETE', `/api/v1/plugins/${id}/payloads?state=dead`)).toMatchObject({ status: 200, body: { data: { deleted: 2 } } });
    expect(await states(id)).toEqual(['3 pending']);
    expect(await audited('plugin', id)).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'edge_payload.delete_dead', changes: { deleted: 2 } })]));
  });

  it('are gone a month after they died, and not before', async () => {
    const { id } = await withDead('expired', 3, 2);
    const expiry = studio.app.get(DeadPayloadExpiry);
    clock.advance(29 * 86_400_000);
    while ((await expiry.sweep()) > 0);
    // Days have passed, and with them the session.
    studio.headers = await studio.logIn();
    expect(await states(id)).toEqual(['1 dead', '2 dead', '3 pending']);
    clock.advance(2 * 86_400_000);
    while ((await expiry.sweep()) > 0);
    studio.headers = await studio.logIn();
    expect(await states(id)).toEqual(['3 pending']);
    expect(await audited('plugin', id)).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'edge_payload.expire', actor: { kind: 'system', id: null, name: 'payload expiry' }, changes: expect.objectContaining({ deleted: 2 }) })]));
  });
});
