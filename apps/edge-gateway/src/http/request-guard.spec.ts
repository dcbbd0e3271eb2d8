import type { IncomingMessage } from 'node:http';
import { RequestGuard } from './request-guard';
import { RequestHead } from './request-head';

const guard = new RequestGuard({ maxUrlBytes: 100, maxHeaderBytes: 200, maxHeaders: 5 });

function judge(target: string, rawHeaders: string[] = ['Host', 'gw'], version = '1.1', method = 'GET') {
  const [major, minor] = version.split('.').map(Number);
  const req = { method, url: target, rawHeaders, httpVersion: version, httpVersionMajor: major, httpVersionMinor: minor } as unknown as IncomingMessage;
  const head = new RequestHead(req);
  const verdict = guard.judge(req, head);
  return { verdict: verdict.kind === 'refused' ? verdict.error.code : verdict.kind, host: head.host, url: req.url };
}

describe('RequestGuard', () => {
  it.each([
    ['the origin form', '/a?b', ['Host', 'gw'], '1.1', 'gw', '/a?b'],
    ['HTTP/1.0 without Host', '/a', [], '1.0', '', '/a'],
    ['the absolute form', 'http://gw/a?b', ['Host', 'gw'], '1.1', 'gw', '/a?b'],
    ['the absolute form with the default port', 'http://gw:80/a', ['Host', 'GW'], '1.1', 'gw:80', '/a'],
    ['the absolute form over HTTP/1.0 without Host', 'http://gw/a', [], '1.0', 'gw', '/a'],
    ['chunks', '/a', ['Host', 'gw', 'Transfer-Encoding', 'Chunked'], '1.1', 'gw', '/a'],
    ['a semicolon behind the slug', '/plugins/echo/a;b=1', ['Host', 'gw'], '1.1', 'gw', '/plugins/echo/a;b=1'],
    ['a semicolon elsewhere', '/a;b', ['Host', 'gw'], '1.1', 'gw', '/a;b'],
  ])('passes %s', (_, target, rawHeaders, version, host, url) => {
    expect(judge(target, rawHeaders, version)).toEqual({ verdict: 'passed', host, url });
  });

  it.each([
    ['no Host', '/a', [], '1.1', 'request.badHost'],
    ['two Hosts', '/a', ['Host', 'gw', 'host', 'gw'], '1.1', 'request.badHost'],
    ['two Hosts over HTTP/1.0', '/a', ['Host', 'gw', 'host', 'gw'], '1.0', 'request.badHost'],
    ['an empty Host', '/a', ['Host', ''], '1.1', 'request.badHost'],
    ['another host in the target', 'http://other/a', ['Host', 'gw'], '1.1', 'request.badHost'],
    ['another port in the target', 'http://gw:81/a', ['Host', 'gw'], '1.1', 'request.badHost'],
    ['userinfo in the target', 'http://me@gw/a', ['Host', 'gw'], '1.1', 'request.badHost'],
    ['userinfo in the target over HTTP/1.0', 'http://me@gw/a', [], '1.0', 'request.badHost'],
    ['a target without a host', 'http:///a', [], '1.0', 'request.badHost'],
    ['another scheme', 'ftp://gw/a', ['Host', 'gw'], '1.1', 'request.badTarget'],
    ['an asterisk', '*', ['Host', 'gw'], '1.1', 'request.badTarget'],
    ['a parameter in the slug', '/plugins/echo;v=1/a', ['Host', 'gw'], '1.1', 'request.badTarget'],
    ['an encoded parameter in the slug', '/plugins/echo%3Bv=1', ['Host', 'gw'], '1.1', 'request.badTarget'],
    ['an encoded question mark in the slug', '/plugins/echo%3Fv=1/a', ['Host', 'gw'], '1.1', 'request.badTarget'],
    ['an encoded hash in the slug', '/plugins/echo%23', ['Host', 'gw'], '1.1', 'request.badTarget'],
    ['HTTP/2', '/a', ['Host', 'gw'], '2.0', 'request.versionNotSupported'],
    ['HTTP/0.9', '/a', [], '0.9', 'request.versionNotSupported'],
    ['a coding before chunked', '/a', ['Host', 'gw', 'Transfer-Encoding', 'gzip, chunked'], '1.1', 'request.codingNotSupported'],
    ['a coding before chunked in a line of its own', '/a', ['Host', 'gw', 'Transfer-Encoding', 'gzip', 'Transfer-Encoding', 'chunked'], '1.1', 'request.codingNotSupported'],
    ['an unknown coding', '/a', ['Host', 'gw', 'Transfer-Encoding', 'identity'], '1.1', 'request.badFraming'],
    ['chunks over HTTP/1.0', '/a', ['Host', 'gw', 'Transfer-Encoding', 'chunked'], '1.0', 'request.badFraming'],
    ['a long target', `/${'a'.repeat(100)}`, ['Host', 'gw'], '1.1', 'request.urlTooLong'],
    ['large headers', '/a', ['Host', 'gw', 'X', 'a'.repeat(200)], '1.1', 'request.headTooLarge'],
    ['many headers', '/a', ['Host', 'gw', ...Array<string[]>(5).fill(['X', 'a']).flat()], '1.1', 'request.headTooLarge'],
    ['a Connection header that takes the client away', '/a', ['Host', 'gw', 'Connection', 'X-Forwarded-For'], '1.1', 'request.badConnection'],
  ])('refuses %s', (_, target, rawHeaders, version, code) => {
    expect(judge(target, rawHeaders, version).verdict).toBe(code);
  });

  it('knows the question about the server itself', () => {
    expect(judge('*', ['Host', 'gw'], '1.1', 'OPTIONS').verdict).toBe('server');
    expect(judge('*', ['Host', ''], '1.1', 'OPTIONS').verdict).not.toBe('server');
  });
});
