import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { rawPublicKey } from '@sluice/config-snapshot';
import { QueuedPayload } from '@sluice/contracts/edge';
import { DataSource } from 'typeorm';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { TestStudio } from '../../testing/test-studio';
import { EdgePayloadIntake, type SendingGateway } from './edge-payload-intake.service';
import { EdgePayloadQueue } from './edge-payload-queue';

jest.setTimeout(60_000);

describe('payloads of gateways', () => {
  let studio: TestStudio;
  let intake: EdgePayloadIntake;
  let queue: EdgePayloadQueue;
  let eu: SendingGateway;
  let us: SendingGateway;

  beforeAll(async () => {
    studio = await TestStudio.start();
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
});
