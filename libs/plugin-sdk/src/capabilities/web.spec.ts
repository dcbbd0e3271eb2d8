import type { EndpointChunk, EndpointRequest } from './endpoint-types';
import { webAnswer, webRequest, webStream } from './web';

const request = (fields: Partial<EndpointRequest> = {}) =>
  ({ method: 'GET', path: '/plugins/x/', headers: {}, body: Buffer.alloc(0), queryString: '', host: 'gateway:8081', ...fields }) as EndpointRequest;
const call = () => ({ signal: new AbortController().signal });

describe('webRequest', () => {
  it('addresses what the client addressed', () => {
    const { url } = webRequest(call(), request({ path: '/plugins/x/a b/c?d#e/%41', queryString: 'q=1%202&q=3' }));
    expect(url).toBe('http://gateway:8081/plugins/x/a%20b/c%3Fd%23e/%2541?q=1%202&q=3');
  });

  it('carries method, headers with Host, and the bytes of the body', async () => {
    const made = webRequest(call(), request({ method: 'POST', headers: { 'Mcp-Session-Id': 's', 'X-Name': 'Zoë €' }, body: Buffer.from([0, 255, 1]) }));
    expect([made.method, made.headers.get('mcp-session-id'), made.headers.get('host')]).toEqual(['POST', 's', 'gateway:8081']);
    expect(Buffer.from(made.headers.get('x-name') ?? '', 'latin1').toString()).toBe('Zoë €');
    expect([...new Uint8Array(await made.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  it('is aborted with the call', () => {
    const caller = new AbortController();
    const { signal } = webRequest(caller, request());
    caller.abort();
    expect(signal.aborted).toBe(true);
  });

  it.each([
    ['a host that is none', { host: 'a b' }],
    ['a method that the web has not', { method: 'TRACE' }],
  ])('refuses %s with 400', (_what, fields) => {
    expect(() => webRequest(call(), request(fields))).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('webAnswer', () => {
  it('gives status, headers, each cookie, and the body', async () => {
    const answer = await webAnswer(call(), request(), () => {
      const headers = new Headers({ 'Content-Type': 'text/plain' });
      headers.append('Set-Cookie', 'a=1, 2');
      headers.append('Set-Cookie', 'b=3');
      return new Response('made', { status: 201, headers });
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'content-type': 'text/plain', 'set-cookie': ['a=1, 2', 'b=3'] } });
    expect(Buffer.from(answer.body as Uint8Array).toString()).toBe('made');
  });
});

describe('webStream', () => {
  const text = (chunk: EndpointChunk) => (chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : chunk);

  it('gives the head at once, and each chunk when it is there', async () => {
    let send: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (send = controller) });
    const chunks = webStream(call(), request(), () => new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
    expect((await chunks.next()).value).toEqual({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    send?.enqueue(Buffer.from('data: 1\n\n'));
    expect(text((await chunks.next()).value as EndpointChunk)).toBe('data: 1\n\n');
    send?.close();
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  it('needs no body', async () => {
    const chunks: EndpointChunk[] = [];
    for await (const chunk of webStream(call(), request(), () => new Response(null, { status: 202 }))) chunks.push(chunk);
    expect(chunks).toEqual([{ status: 202, headers: {} }]);
  });

  it('cancels a body that is waiting when the client goes away', async () => {
    const caller = new AbortController();
    let cancelled = false;
    const body = new ReadableStream({ cancel: () => void (cancelled = true) });
    const chunks = webStream(caller, request(), () => new Response(body));
    await chunks.next();
    const waiting = chunks.next();
    caller.abort();
    expect((await waiting).done).toBe(true);
    expect(cancelled).toBe(true);
  });

  it('cancels the body when the iteration is ended', async () => {
    let cancelled = false;
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.from('x')), cancel: () => void (cancelled = true) });
    for await (const chunk of webStream(call(), request(), () => new Response(body))) if (text(chunk) === 'x') break;
    expect(cancelled).toBe(true);
  });
});
