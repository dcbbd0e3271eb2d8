import { answer, endpointRequest, eventually, RawHost } from './testing/raw-host';
import { EndpointResponseChunk_ChunkType as Type } from '@sluice/contracts/plugin';
import type { EndpointResponseChunk, PluginServiceClient } from '@sluice/contracts/plugin';

// Real processes on a busy machine.
jest.setTimeout(60_000);

let host: RawHost;

afterEach(() => host.close());

describe('the start of a plugin process', () => {
  it('says what it is and exits with 1 when no host started it', async () => {
    host = RawHost.spawn('bare-plugin', {});
    expect(await host.exited).toEqual({ code: 1, signal: null });
    expect(host.stderrLines.join('\n')).toMatch(/is a Sluice plugin.*not meant to be run by hand/);
    expect(host.stdoutLines).toEqual([]);
  });

  it('prints exactly one line on stdout, whatever its code prints', async () => {
    host = RawHost.spawn('busy-plugin');
    const [core, app, network, address, protocol, certificate] = await host.handshake();
    expect([core, app, network, protocol, certificate]).toEqual(['1', '1', 'unix', 'grpc', '']);
    expect(address?.startsWith(`${host.folder}/`)).toBe(true);
    expect(Buffer.byteLength(address ?? '')).toBeLessThan(108);
    await host.get('/print/3');
    expect(host.stdoutLines).toHaveLength(1);
    expect(host.stderrLines).toEqual(expect.arrayContaining(['printed before the handshake', '1|1|unix|/nowhere|grpc|']));
  });

  it('answers the health check of go-plugin', async () => {
    host = RawHost.spawn('bare-plugin');
    const health = await host.health();
    expect(await answer((done) => health.check({ service: 'plugin' }, done))).toEqual({ status: 1 });
  });
});

describe('what a plugin prints after the handshake', () => {
  it('arrives over GRPCStdio, also what was printed before anyone listened', async () => {
    host = RawHost.spawn('busy-plugin');
    const client = await host.plugin();
    await answer((done) => client.initialize({ config: {} }, done));
    const received: Buffer[] = [];
    const stream = (await host.stdio()).streamStdio({});
    stream.on('data', ({ data }: { data: Buffer }) => received.push(data)).on('error', () => undefined);
    await host.get('/print/2');
    await eventually(() => Buffer.concat(received).toString().includes('line 1'));
    expect(Buffer.concat(received).toString()).toMatch(/^printed while initialising\nline 0 x+\nline 1 x+\n$/);
  });

  it('neither blocks nor piles up when nobody reads it: the newest 256 KiB are kept', async () => {
    host = RawHost.spawn('busy-plugin');
    expect(await host.get('/print/2000')).toBe('printed');
    const received: Buffer[] = [];
    const stream = (await host.stdio()).streamStdio({});
    stream.on('data', ({ data }: { data: Buffer }) => received.push(data)).on('error', () => undefined);
    await eventually(() => Buffer.concat(received).toString().includes('line 1999'));
    expect(Buffer.concat(received).length).toBeLessThanOrEqual(256 * 1024);
    expect(Buffer.concat(received).toString()).not.toContain('line 1000 ');
  });
});

describe('an error in a handler', () => {
  it('becomes the status UNKNOWN with its message, and a log line that names the request', async () => {
    host = RawHost.spawn('busy-plugin');
    await expect(host.get('/throw')).rejects.toMatchObject({ code: 2, details: 'thrown on purpose' });
    await eventually(() => host.stderrLines.some((line) => line.includes('thrown on purpose')));
    const line = host.stderrLines.find((candidate) => candidate.includes('thrown on purpose')) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      '@level': 'error',
      '@message': 'handleEndpoint failed.',
      '@module': 'com.example.busy',
      '@timestamp': expect.stringMatching(/^\d{4}-.*Z$/),
      request_id: 'request-1',
    });
    expect(await host.get('/ok')).toBe('ok');
  });

  it('is an answer when it is an EndpointError', async () => {
    host = RawHost.spawn('busy-plugin');
    const { statusCode, headers, body } = await host.endpoint('/teapot');
    expect([statusCode, headers, body.toString()]).toEqual([418, { 'Content-Type': 'application/json' }, '{"error":"I am a teapot."}']);
  });

  it('is told to the page that called', async () => {
    host = RawHost.spawn('busy-plugin');
    const client = await host.plugin();
    const call = (method: string) => answer((done) => client.call({ method, payload: '{"a":1}', serviceBrokerId: 0 }, done));
    expect(await call('throw')).toEqual({ success: false, data: '', errorMessage: 'the call failed' });
    expect(await call('other')).toEqual({ success: true, data: '{"method":"other","payload":{"a":1}}', errorMessage: '' });
  });

  it('fails the load when it is thrown by initialize', async () => {
    host = RawHost.spawn('busy-plugin');
    const client = await host.plugin();
    expect(await answer((done) => client.initialize({ config: { refuse: 'true' } }, done))).toEqual({
      success: false,
      errorMessage: 'The plugin refuses this configuration.',
    });
  });

  it('does not end the process when it strays', async () => {
    host = RawHost.spawn('busy-plugin');
    expect(await host.get('/stray')).toBe('started');
    await eventually(() => ['a stray exception', 'a stray rejection'].every((text) => host.stderrLines.some((line) => line.includes(text))));
    expect(await host.get('/ok')).toBe('ok');
  });
});

describe('a streamed answer', () => {
  const collect = (client: PluginServiceClient, path: string) =>
    new Promise<EndpointResponseChunk[]>((resolve, reject) => {
      const chunks: EndpointResponseChunk[] = [];
      client
        .handleEndpointRequestStream(endpointRequest(path))
        .on('data', (chunk: EndpointResponseChunk) => chunks.push(chunk))
        .on('end', () => resolve(chunks))
        .on('error', reject);
    });

  it('can be written: HEADERS, BODY, DONE', async () => {
    host = RawHost.spawn('busy-plugin');
    const chunks = await collect(await host.plugin(), '/written');
    expect(chunks.map(({ type, data }) => [type, data.toString()])).toEqual([
      [Type.HEADERS, ''],
      [Type.BODY, 'one'],
      [Type.BODY, 'two'],
      [Type.DONE, ''],
    ]);
    expect(chunks[0]).toMatchObject({ statusCode: 201, headers: { 'X-Written': 'yes' } });
  });

  it('ends with ERROR when the generator throws, after a plain 200 for a body without headers', async () => {
    host = RawHost.spawn('busy-plugin');
    const chunks = await collect(await host.plugin(), '/late');
    expect(chunks.map(({ type, statusCode, errorMessage }) => [type, statusCode, errorMessage])).toEqual([
      [Type.HEADERS, 200, ''],
      [Type.BODY, 0, ''],
      [Type.ERROR, 0, 'failed late'],
    ]);
  });

  it('can be an EndpointError before it began', async () => {
    host = RawHost.spawn('busy-plugin');
    const chunks = await collect(await host.plugin(), '/teapot');
    expect(chunks.map(({ type }) => type)).toEqual([Type.HEADERS, Type.BODY, Type.DONE]);
    expect(chunks[0]?.statusCode).toBe(418);
  });

  it('is cancelled in the plugin when the client goes away, and the generator is ended', async () => {
    host = RawHost.spawn('busy-plugin');
    const client = await host.plugin();
    const call = client.handleEndpointRequestStream(endpointRequest('/endless'));
    call.on('error', () => undefined);
    await new Promise((resolve) => call.once('data', resolve));
    call.cancel();
    const seen = async () => JSON.parse(await host.get('/state')).seen as string[];
    await eventually(async () => (await seen()).length >= 2);
    expect(await seen()).toEqual(['stream cancelled', 'generator returned']);
  });

  it('is produced no faster than it is read', async () => {
    host = RawHost.spawn('busy-plugin');
    const client = await host.plugin();
    const call = client.handleEndpointRequestStream(endpointRequest('/flood'));
    call.on('error', () => undefined);
    await new Promise((resolve) => call.once('data', resolve));
    call.pause();
    const produced = async () => Number(/^flood (\d+)$/.exec(JSON.parse(await host.get('/state')).seen[0])?.[1]);
    let before = -1;
    // Until nothing moves any more: every buffer on the way is full.
    await eventually(async () => before === (before = await produced()) && before > 0);
    expect(before).toBeLessThan(2_000);
    call.cancel();
    await eventually(async () => JSON.parse(await host.get('/state')).seen.includes('flood returned'));
  });
});

describe('a unary answer', () => {
  it('is cancelled in the plugin when the caller gives up', async () => {
    host = RawHost.spawn('busy-plugin');
    const client = await host.plugin();
    const call = client.handleEndpointRequest(endpointRequest('/forever'), () => undefined);
    expect(await host.get('/ok')).toBe('ok');
    call.cancel();
    await eventually(async () => JSON.parse(await host.get('/state')).seen.includes('unary cancelled'));
  });
});
