import { parseRequestTarget, toOriginForm } from './canonical-path';

describe('parseRequestTarget', () => {
  it.each([
    ['/plugins/a/b?x=1&y=%2F', '/plugins/a/b', 'x=1&y=%2F'],
    ['/plugins/a/%C3%A9%20t', '/plugins/a/é t', ''],
    ['/plugins/a/%41', '/plugins/a/A', ''],
    ['/plugins/a/.well-known/x..y/...', '/plugins/a/.well-known/x..y/...', ''],
    ['/plugins/a//b/', '/plugins/a//b/', ''],
    ['/a?', '/a', ''],
    ['/a/100%25', '/a/100%', ''],
    ['/a/%25zz', '/a/%zz', ''],
    ['/a?b?c', '/a', 'b?c'],
  ])('reads %s', (url, path, query) => {
    expect(parseRequestTarget(url)).toEqual({ path, query });
  });

  it.each([
    ['bad percent-encoding', '/a/%zz'],
    ['a cut percent-encoding', '/a/%4'],
    ['percent-encoding that is not UTF-8', '/a/%ff'],
    ['an encoded slash', '/a/b%2Fc'],
    ['an encoded slash in lower case', '/a/b%2fc'],
    ['a backslash', '/a\\b'],
    ['an encoded backslash', '/a%5cb'],
    ['an encoded NUL', '/a%00b'],
    ['an encoded control character', '/a%0ab'],
    ['an encoded C1 control character', '/a%C2%85b'],
    ['an encoded DEL', '/a%7f'],
    ['an encoding of an encoding', '/a/%2541'],
    ['a dot segment that is encoded twice', '/a/%252e%252e/b'],
    ['a slash that is encoded twice', '/a%252Fb'],
    ['half of an encoding twice', '/a/%25%34%31'],
    ['an overlong encoding of a slash', '/a/%c0%af'],
    ['an encoded surrogate', '/a/%ed%a0%80'],
    ['a parent segment', '/plugins/a/../b'],
    ['a parent segment at the end', '/plugins/a/..'],
    ['a dot segment', '/plugins/./a'],
    ['a parent segment with a parameter', '/plugins/a/..;/b'],
    ['a dot segment with a parameter', '/plugins/a/.;x=1/b'],
    ['a parent segment before an encoded hash', '/plugins/a/..%23b'],
    ['an encoded parent segment', '/plugins/a/%2e%2e/b'],
    ['a half-encoded parent segment', '/plugins/a/.%2E/b'],
    ['raw text that is not ASCII', '/a/\u00e9'],
    ['raw text that is not ASCII in the query', '/a?q=\u00e9'],
    ['a fragment', '/a#b'],
    ['no path', '*'],
    ['an authority', 'host:443'],
    ['nothing', ''],
  ])('refuses %s', (_, url) => {
    expect(parseRequestTarget(url)).toBeNull();
  });
});

describe('toOriginForm', () => {
  it.each([
    ['http://host:81/plugins/a?b', '/plugins/a?b', 'host:81', 'http'],
    ['HTTPS://host', '/', 'host', 'https'],
    ['http://host?x', '/?x', 'host', 'http'],
    ['/a', '/a', undefined, ''],
    ['*', '*', undefined, ''],
    ['ftp://host/a', 'ftp://host/a', undefined, ''],
  ])('writes %s as %s', (target, url, authority, scheme) => {
    expect(toOriginForm(target)).toEqual({ url, authority, scheme });
  });
});
