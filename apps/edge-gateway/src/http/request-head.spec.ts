import type { IncomingMessage } from 'node:http';
import { RequestHead } from './request-head';

const request = (rawHeaders: string[], httpVersion = '1.1') => ({ rawHeaders, httpVersion }) as unknown as IncomingMessage;
const head = (...rawHeaders: string[]) => new RequestHead(request(rawHeaders));

describe('RequestHead', () => {
  it('writes names in the form that compiled plugins index, without Host', () => {
    const read = head('host', 'gw:8081', 'content-type', 'text/plain', 'X-WEBHOOK-signature', 's');
    expect({ ...read.headers }).toEqual({ 'Content-Type': 'text/plain', 'X-Webhook-Signature': 's' });
    expect(read.host).toBe('gw:8081');
  });

  it('joins repeated headers with a comma and cookies with a semicolon', () => {
    const read = head('accept', 'a', 'Cookie', 'x=1', 'ACCEPT', 'b', 'cookie', 'y=2', 'authorization', '1', 'authorization', '2');
    expect({ ...read.headers }).toEqual({ Accept: 'a, b', Cookie: 'x=1; y=2', Authorization: '1, 2' });
  });

  it('keeps what concerns this connection alone, and what Connection names', () => {
    const read = head('X-Once', '1', 'connection', 'keep-alive, X-Once', 'Keep-Alive', 'timeout=5', 'TE', 'trailers', 'Upgrade', 'h2c', 'Proxy-Authorization', 'x', 'X-Kept', '2');
    expect({ ...read.headers }).toEqual({ 'X-Kept': '2' });
  });

  it('keeps framing to itself', () => {
    const read = head('Content-Length', '7', 'Transfer-Encoding', 'gzip', 'transfer-encoding', 'chunked', 'X-Kept', '2');
    expect({ ...read.headers }).toEqual({ 'X-Kept': '2' });
    expect([read.contentLength, read.transferEncoding]).toEqual([7, 'gzip, chunked']);
  });

  it('leaves out what says where a request came from, unless it is told to trust it', () => {
    const lines = ['X-Forwarded-For', '1.1.1.1', 'Forwarded', 'for=1.1.1.1', 'X-Real-IP', '1.1.1.1', 'X-Forwarded-Prefix', '/x', 'X-Original-URL', '/y'];
    expect({ ...head(...lines).headers }).toEqual({});
    expect(Object.keys(new RequestHead(request(lines), true).headers)).toHaveLength(5);
  });

  it.each([['close', false], ['keep-alive, X-Once', false], ['X-Forwarded-For', true], ['content-length', true], ['host', true], ['expect', true]])('judges Connection: %s', (value, essential) => {
    expect(head('Connection', value).connectionNamesEssential).toBe(essential);
  });

  it('counts what its lines have in names and values', () => {
    expect(head('Host', 'a', 'X-Once', '12345').size).toBe(16);
  });

  it('takes __proto__ for a header like any other', () => {
    expect(Object.entries(head('__proto__', 'x').headers)).toEqual([['__proto__', 'x']]);
  });

  it('reads UTF-8 where the bytes are UTF-8, and Latin-1 where they are not', () => {
    const read = head('X-A', Buffer.from('é').toString('latin1'), 'X-B', '\u00e9');
    expect({ ...read.headers }).toEqual({ 'X-A': 'é', 'X-B': 'é' });
  });

  it('says whether a body follows', () => {
    expect(head().hasBody).toBe(false);
    expect(head('Content-Length', '0').hasBody).toBe(false);
    expect(head('Content-Length', '7').contentLength).toBe(7);
    expect(head('Transfer-Encoding', 'chunked').hasBody).toBe(true);
  });

  it('takes the trace id from a valid traceparent, else the request id', () => {
    expect(head('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01').traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    const other = head('traceparent', 'nonsense', 'x-request-id', 'abc');
    expect([other.traceId, other.traceparent]).toEqual(['abc', '']);
  });
});
