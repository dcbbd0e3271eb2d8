import { formatOciReference, isLoopback, parseOciReference } from './parse-oci-reference';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('parseOciReference', () => {
  it.each([
    ['oci://registry.example.com/echo:v1', { registry: 'registry.example.com', repository: 'echo', tag: 'v1', digest: undefined }],
    ['oci://Registry.Example.com:5000/team/plugins/echo_x:1.0.0-rc.1', { registry: 'registry.example.com:5000', repository: 'team/plugins/echo_x', tag: '1.0.0-rc.1', digest: undefined }],
    ['oci://localhost/echo:latest', { registry: 'localhost', repository: 'echo', tag: 'latest', digest: undefined }],
    ['oci://127.0.0.1:5000/echo:1', { registry: '127.0.0.1:5000', repository: 'echo', tag: '1', digest: undefined }],
    ['oci://[::1]:5000/echo:1', { registry: '[::1]:5000', repository: 'echo', tag: '1', digest: undefined }],
    [`oci://r.example/echo@${DIGEST}`, { registry: 'r.example', repository: 'echo', tag: undefined, digest: DIGEST }],
    [`oci://r.example/echo:v1@${DIGEST}`, { registry: 'r.example', repository: 'echo', tag: 'v1', digest: DIGEST }],
  ])('reads %s', (text, expected) => {
    expect(parseOciReference(text)).toEqual(expected);
    expect(parseOciReference(formatOciReference(parseOciReference(text)))).toEqual(expected);
  });

  it.each([
    ['https://r.example/echo:1', 'is not an oci:// reference'],
    ['oci://r.example', 'has no repository'],
    ['oci://r.example/', 'is not a repository'],
    ['oci://r.example/echo', 'names neither a tag nor a digest'],
    ['oci://echo/plugin:1', 'echo is not the host name of a registry'],
    ['oci:///echo:1', 'is not a registry'],
    ['oci://r.example:0/echo:1', 'is not a registry'],
    ['oci://r.example:65536/echo:1', 'is not a registry'],
    ['oci://r..example/echo:1', 'is not a registry'],
    ['oci://user:secret@r.example/echo:1', 'credentials belong into the file'],
    ['oci://r.example/Echo:1', 'is not a repository'],
    ['oci://r.example/a//b:1', 'is not a repository'],
    ['oci://r.example/../b:1', 'is not a repository'],
    ['oci://r.example/a%2fb:1', 'is not a repository'],
    ['oci://r.example/a/:1', 'is not a repository'],
    [`oci://r.example/${'a'.repeat(256)}:1`, 'is not a repository'],
    ['oci://r.example/echo:', 'is not a tag'],
    ['oci://r.example/echo:.hidden', 'is not a tag'],
    ['oci://r.example/echo:a:b', 'is not a tag'],
    ['oci://r.example/echo:a?x=1', 'is not a tag'],
    [`oci://r.example/echo:${'a'.repeat(129)}`, 'is not a tag'],
    ['oci://r.example/echo@sha256:abc', 'is not sha256: and 64'],
    [`oci://r.example/echo@${DIGEST.toUpperCase()}`, 'is not sha256: and 64'],
    [`oci://r.example/echo@sha512:${'a'.repeat(128)}`, 'is not sha256: and 64'],
    [`oci://r.example/echo@${DIGEST}@${DIGEST}`, 'more than one @'],
    ['oci://r.example/echo:1\n', 'is not a tag'],
  ])('refuses %j', (text, part) => {
    expect(() => parseOciReference(text)).toThrow(expect.objectContaining({ code: 'oci.badReference', message: expect.stringContaining(part) }));
  });

  it('knows what is this machine, and what only looks like it', () => {
    expect(['localhost', 'localhost:5000', '127.0.0.1', '127.1.2.3:80', '[::1]:5000'].every(isLoopback)).toBe(true);
    expect(['localhost.example.com', '127.0.0.1.example.com', '128.0.0.1', 'example.com:127'].some(isLoopback)).toBe(false);
  });
});
