import { createPublicKey } from 'node:crypto';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyIdOf, openDelta, openIndex, proveChunk, readRecord, type OpenedIndex } from '@sluice/config-snapshot';
import { signGatewayToken } from '@sluice/edge-link';
import { enrolGateway, GatewayKeysOfTest } from '../../../testing/gateway-keys';
import { TestStudio } from '../../../testing/test-studio';

jest.setTimeout(60_000);

interface Got {
  status: number;
  headers: Record<string, unknown>;
  bytes: Buffer;
}

describe('snapshots over HTTP, without Redis', () => {
  let studio: TestStudio;
  const gateways = new Map<string, GatewayKeysOfTest>();
  beforeAll(async () => {
    // Without a worker either.
    studio = await TestStudio.start({ environment: { STUDIO_ROLE: 'api' } });
    await studio.app.listen(0, '127.0.0.1');
    for (const namespace of ['default', 'eu', 'us', 'edge-of-the-world']) gateways.set(namespace, await enrolGateway(studio, namespace));
  });
  afterAll(() => studio?.close());

  /** One that may read what lies at a path. */
  const gatewayOf = (path: string): GatewayKeysOfTest => gateways.get(path.split(/[/?]/)[0]!) ?? gateways.get('default')!;

  async function get(path: string, headers: Record<string, string> = {}): Promise<Got> {
    const all = { authorization: gatewayOf(path).authorization, ...headers };
    const answer = await studio.app.inject({ method: 'GET', url: `/edge/v1/snapshots/${path}`, headers: all });
    return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload };
  }

  /** Over the network, for what takes time or breaks off. */
  function fetchSlowly(path: string, headers: Record<string, string>): { answer: Promise<Got>; breakOff(): void } {
    const { port } = studio.app.getHttpServer().address() as AddressInfo;
    const call = request({ host: '127.0.0.1', port, path: `/edge/v1/snapshots/${path}`, headers: { authorization: gatewayOf(path).authorization, ...headers } });
    const answer = new Promise<Got>((resolve, reject) => {
      call.on('error', reject).on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) }));
      });
    });
    call.end();
    return { answer, breakOff: () => void call.destroy() };
  }

  const write = async (name: string, namespace = ''): Promise<number> => {
    const { status, body } = await studio.call('POST', '/api/v1/apps', { body: { name, namespace } });
    expect(status).toBe(201);
    return body.data.id;
  };

  function trust(namespace = ''): { publicKeys: Map<string, ReturnType<typeof createPublicKey>>; namespace: string } {
    const key = createPublicKey(studio.config.snapshotSigningKey);
    return { publicKeys: new Map([[keyIdOf(key), key]]), namespace };
  }

  const newest = async (namespace = ''): Promise<OpenedIndex> => openIndex((await get(namespace || 'default')).bytes, trust(namespace));

  it('are for gateways only', async () => {
    for (const path of ['default', 'default/deltas?epoch=x&after=1', 'default/chunks/00?epoch=x&revision=1']) {
      expect((await get(path, { authorization: 'Bearer wrong' })).status).toBe(401);
      expect((await studio.call('GET', `/edge/v1/snapshots/${path}`)).status).toBe(401);
    }
  });

  it('are for gateways of their namespace, and now', async () => {
    const eu = gateways.get('eu')!;
    const answer = await get('us', { authorization: eu.authorization });
    expect([answer.status, JSON.parse(answer.bytes.toString()).code]).toEqual([403, 'gateways.otherNamespace']);
    expect((await get('eu/chunks/00?epoch=x&revision=1', { authorization: gateways.get('us')!.authorization })).status).toBe(403);
    const old = signGatewayToken({ publicKey: eu.publicKey, issuedAtMs: Date.now() - 400_000 }, eu.privateKey);
    const refused = await get('eu', { authorization: `Bearer ${old}` });
    expect([refused.status, JSON.parse(refused.bytes.toString()).code, Math.abs(Date.parse(String(refused.headers['date'])) - Date.now()) < 5_000]).toEqual([401, 'gateways.badTime', true]);
    const unknown = new GatewayKeysOfTest();
    const stranger = await get('eu', { authorization: unknown.authorization });
    expect([stranger.status, JSON.parse(stranger.bytes.toString()).code]).toEqual([401, 'gateways.unknownKey']);
    // What admits a gateway is no credential of one.
    expect((await get('eu', { authorization: `Bearer ${studio.config.edge.joinToken}` })).status).toBe(401);
  });

  it('are an index with an ETag, and the chunks that it proves', async () => {
    const id = await write('Proved');
    const answer = await get('default');
    const { signed, index } = openIndex(answer.bytes, trust());
    const { epoch, revision, root } = signed.header;
    expect(answer).toMatchObject({ status: 200, headers: { etag: `"${epoch}.${revision}.${root}"`, 'content-type': 'application/vnd.sluice.snapshot-index' } });
    const names: string[] = [];
    for (let prefix = 0; prefix < 256; prefix++) {
      const chunk = await get(`default/chunks/${prefix.toString(16).padStart(2, '0')}?epoch=${epoch}&revision=${revision}`);
      expect(chunk.status).toBe(200);
      const proved = proveChunk(chunk.bytes, prefix, index.subarray(prefix * 32, prefix * 32 + 32));
      for (let position = 0; position < proved.count; position++) names.push(readRecord(proved.text(position)).record.id);
    }
    expect(names).toHaveLength(signed.header.records);
    expect(names).toContain(String(id));
  });

  it('are not sent twice, and are sent anew after a write', async () => {
    const etag = String((await get('default')).headers['etag']);
    expect(await get('default', { 'if-none-match': etag })).toMatchObject({ status: 304, bytes: Buffer.alloc(0) });
    await write('New');
    expect((await get('default', { 'if-none-match': etag })).status).toBe(200);
  });

  it('come as deltas from any revision that is known', async () => {
    const { header } = (await newest()).signed;
    const first = await write('Delta one');
    await newest();
    const second = await write('Delta two');
    const answer = await get(`default/deltas?epoch=${header.epoch}&after=${header.revision}`);
    expect(answer.status).toBe(200);
    const lines = answer.bytes.toString('utf8').split('\n');
    expect(lines.pop()).toBe('');
    let applied = { epoch: header.epoch, revision: header.revision };
    const names = lines.flatMap((line) => {
      const opened = openDelta(Buffer.from(line), trust(), applied);
      applied = opened.signed.header;
      return [...opened.changes()].map((change) => (change.change === 'upsert' ? change.record.id : ''));
    });
    expect(names).toEqual([String(first), String(second)]);
    expect(await get(`default/deltas?epoch=${header.epoch}&after=${applied.revision}`)).toMatchObject({ status: 200, bytes: Buffer.alloc(0) });
  });

  it('begin with the whole where the way is not known', async () => {
    const { epoch, revision } = (await newest()).signed.header;
    for (const path of [`deltas?epoch=${epoch}&after=${revision + 1}`, `deltas?epoch=other&after=${revision}`, `chunks/00?epoch=${epoch}&revision=999999`, `chunks/00?epoch=other&revision=${revision}`]) {
      const answer = await get(`default/${path}`);
      expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'application/problem+json' } });
      expect(JSON.parse(answer.bytes.toString())).toMatchObject({ code: 'snapshots.unknownRevision' });
    }
    expect((await get(`default/chunks/0g?epoch=${epoch}&revision=${revision}`)).status).toBe(404);
    expect((await get('default/deltas?after=-1')).status).toBe(400);
  });

  it('keep a gateway waiting that has the newest, until there is something newer', async () => {
    const etag = String((await get('default')).headers['etag']);
    const { answer } = fetchSlowly('default', { 'if-none-match': etag, prefer: 'wait=50' });
    const early = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))]);
    expect(early).toBe('waiting');
    await write('Awaited');
    const got = await answer;
    expect(got).toMatchObject({ status: 200, headers: { 'preference-applied': 'wait=50' } });
    expect(got.headers['etag']).not.toBe(etag);
  });

  it('say that there is nothing newer when the time is over, and at once to whoever does not wait', async () => {
    const etag = String((await get('default')).headers['etag']);
    const start = performance.now();
    expect(await get('default', { 'if-none-match': etag, prefer: 'wait=1' })).toMatchObject({ status: 304, headers: { 'preference-applied': 'wait=1' } });
    expect(performance.now() - start).toBeGreaterThan(900);
    expect((await get('default', { prefer: 'wait=60' })).status).toBe(200);
  });

  it('wake those who wait for a namespace, and all of them for what is for all', async () => {
    const tag = async (namespace: string): Promise<string> => String((await get(namespace)).headers['etag']);
    const eu = fetchSlowly('eu', { 'if-none-match': await tag('eu'), prefer: 'wait=50' });
    const us = fetchSlowly('us', { 'if-none-match': await tag('us'), prefer: 'wait=50' });
    await write('For Europe', 'eu');
    expect((await eu.answer).status).toBe(200);
    expect(await Promise.race([us.answer, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))])).toBe('waiting');
    await write('For all');
    expect((await us.answer).status).toBe(200);
  });

  it('forget a gateway that goes away while it waits', async () => {
    const etag = String((await get('default')).headers['etag']);
    const { answer, breakOff } = fetchSlowly('default', { 'if-none-match': etag, prefer: 'wait=50' });
    const ended = expect(answer).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 300));
    breakOff();
    await ended;
    await write('Nobody waits');
    expect((await get('default')).status).toBe(200);
  });

  it('exist for a namespace as soon as a gateway enrols in it', async () => {
    const { signed } = await newest('edge-of-the-world');
    expect(signed.header).toMatchObject({ namespace: 'edge-of-the-world', parent: null });
    expect((await get('Not%20a%20name')).status).toBe(403);
  });
});
