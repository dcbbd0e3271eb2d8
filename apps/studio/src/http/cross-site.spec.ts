import { refuseCrossSiteWrite, refuseForeignOrigin } from './cross-site';

const publicUrl = new URL('https://studio.example/');
const request = (method: string, headers: Record<string, string>) => ({ method, headers: { host: 'studio.internal:3000', ...headers } }) as never;
const crossSite = expect.objectContaining({ code: 'http.crossSite' });

describe('a write with a cookie', () => {
  it.each<[string, Record<string, string>]>([
    ['from the public address', { origin: 'https://studio.example', 'x-sluice-csrf': '1' }],
    ['from the address that it was sent to', { origin: 'http://studio.internal:3000', 'x-sluice-csrf': '1' }],
    ['from a program, which names no origin', { 'x-sluice-csrf': '1' }],
  ])('passes %s', (_, headers) => {
    expect(() => refuseCrossSiteWrite(request('POST', headers), publicUrl)).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ['without the header', { origin: 'https://studio.example' }],
    ['from another site', { origin: 'https://evil.example', 'x-sluice-csrf': '1' }],
    ['from another port', { origin: 'https://studio.example:444', 'x-sluice-csrf': '1' }],
    ['from a name that only begins alike', { origin: 'https://studio.example.evil.example', 'x-sluice-csrf': '1' }],
    ['from an opaque origin', { origin: 'null', 'x-sluice-csrf': '1' }],
  ])('is refused %s', (_, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(() => refuseCrossSiteWrite(request(method, headers), publicUrl)).toThrow(crossSite);
  });

  it('is not a read', () => {
    expect(() => refuseCrossSiteWrite(request('GET', { origin: 'https://evil.example' }), publicUrl)).not.toThrow();
  });
});

it('a public write is refused from another site, and needs no header', () => {
  expect(() => refuseForeignOrigin(request('POST', {}), publicUrl)).not.toThrow();
  expect(() => refuseForeignOrigin(request('POST', { origin: 'https://evil.example' }), publicUrl)).toThrow(crossSite);
});
