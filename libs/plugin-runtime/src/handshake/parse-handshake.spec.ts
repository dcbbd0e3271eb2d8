import { parseHandshake } from './parse-handshake';

describe('parseHandshake', () => {
  it.each(['1|1|unix|/run/p/plugin123|grpc|', '1|1|unix|/run/p/plugin123|grpc', '1|1|unix|/run/p/plugin123|grpc||false', ' 1|1|unix|/run/p/plugin123|grpc|\r'])(
    'reads a unix socket: %s',
    (line) => {
      expect(parseHandshake(line)).toEqual({ ok: true, address: { network: 'unix', path: '/run/p/plugin123' } });
    },
  );

  it('reads a port of this machine', () => {
    expect(parseHandshake('1|1|tcp|127.0.0.1:10001|grpc|')).toEqual({ ok: true, address: { network: 'tcp', host: '127.0.0.1', port: 10001 } });
  });

  it.each([
    ['Hello, world', 'The first line that the plugin printed is not a go-plugin handshake: "Hello, world".'],
    ['1|1|unix', 'The first line that the plugin printed is not a go-plugin handshake: "1|1|unix".'],
    ['a|b|c|d|grpc|', 'The first line that the plugin printed is not a go-plugin handshake: "a|b|c|d|grpc|".'],
    ['2|1|unix|/s|grpc|', 'The plugin speaks go-plugin core protocol 2; this host speaks 1.'],
    ['1|7|unix|/s|grpc|', 'The plugin speaks plugin protocol version "7"; this host offers version 1.'],
    ['1|1|unix|/s', 'The plugin speaks netrpc; this host speaks only grpc.'],
    ['1|1|unix|/s|netrpc|', 'The plugin speaks "netrpc"; this host speaks only grpc.'],
    ['1|1|unix|/s|grpc|TUlJQw', 'The plugin asks for TLS with a certificate of its own, but this host did not offer AutoMTLS.'],
    ['1|1|unix|relative|grpc|', 'The plugin names the socket "relative", which is not an absolute path.'],
    ['1|1|tcp|10.0.0.7:80|grpc|', 'The plugin listens on "10.0.0.7:80", which is not an address of this machine alone.'],
    ['1|1|pipe|/s|grpc|', 'The plugin listens on a "pipe" network; this host connects to unix and tcp.'],
  ])('refuses %s', (line, reason) => {
    expect(parseHandshake(line)).toEqual({ ok: false, reason });
  });

  it('quotes a bounded part of what it refuses, without control characters', () => {
    const result = parseHandshake(`\u001b[31m${'x'.repeat(5_000)}`);
    expect(result).toEqual({ ok: false, reason: expect.stringContaining('"·[31mxxx') });
    expect(!result.ok && result.reason.length).toBeLessThan(250);
  });
});
