import { toResponseHeaders } from './response-headers';

describe('toResponseHeaders', () => {
  it('passes ordinary headers on and sets Content-Length apart', () => {
    expect(toResponseHeaders({ 'Content-Type': 'text/plain', 'X-A': 'a\tb', 'content-length': '5' })).toEqual({
      ok: true,
      headers: ['Content-Type', 'text/plain', 'X-A', 'a\tb'],
      contentLength: '5',
      isEventStream: false,
    });
  });

  it('makes a header of each line of Set-Cookie', () => {
    expect(toResponseHeaders({ 'set-cookie': 'a=1; Path=/\nb=2\n' })).toMatchObject({ headers: ['set-cookie', 'a=1; Path=/', 'set-cookie', 'b=2'] });
  });

  it('leaves out what concerns one connection, and what Connection names', () => {
    const answer = { Connection: 'keep-alive, X-Once', 'X-Once': '1', 'Keep-Alive': '5', 'Transfer-Encoding': 'Chunked', TE: 'trailers', 'X-Kept': '2' };
    expect(toResponseHeaders(answer)).toMatchObject({ ok: true, headers: ['X-Kept', '2'] });
  });

  it('leaves out what the gateway says itself', () => {
    expect(toResponseHeaders({ 'x-request-id': 'mine', 'X-Config-Revision': '7' })).toMatchObject({ ok: true, headers: [] });
  });

  it.each([['text/event-stream', true], ['Text/Event-Stream; charset=utf-8', true], ['text/event-streams', false], ['text/plain', false]])('sees that %s is an event stream: %p', (type, isEventStream) => {
    expect(toResponseHeaders({ 'Content-Type': type })).toMatchObject({ isEventStream });
  });

  it.each(['Upgrade', 'trailer', 'HTTP2-Settings', 'Proxy-Authenticate', 'Host'])('refuses an answer with %s', (name) => {
    expect(toResponseHeaders({ [name]: 'x' })).toMatchObject({ ok: false, reason: expect.stringContaining(name) as string });
  });

  it('refuses an answer with a transfer coding', () => {
    expect(toResponseHeaders({ 'Transfer-Encoding': 'gzip, chunked' })).toMatchObject({ ok: false });
  });

  it('writes text beyond Latin-1 as UTF-8 bytes', () => {
    const result = toResponseHeaders({ 'X-A': 'é€' });
    expect(result.ok && Buffer.from(result.headers[1]!, 'latin1').toString('utf8')).toBe('é€');
  });

  it.each([
    ['an empty name', { '': 'x' }],
    ['a name with a space', { 'X A': 'x' }],
    ['a name with a line break', { 'X-A\r\nX-B': 'x' }],
    ['a name with a colon', { 'X:A': 'x' }],
    ['a value with a line feed', { 'X-A': 'x\nX-B: y' }],
    ['a value with a carriage return', { 'X-A': 'x\ry' }],
    ['a value with NUL', { 'X-A': 'x\0' }],
    ['a cookie with a carriage return', { 'Set-Cookie': 'a=1\r\nX-B: y' }],
  ])('refuses %s', (_, answer) => {
    expect(toResponseHeaders(answer)).toMatchObject({ ok: false, reason: expect.any(String) as string });
  });
});
