import { parseGrpcAddress } from './parse-grpc-address';

const problem = (command: string, directory?: string) => {
  try {
    parseGrpcAddress(command, directory);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
};

describe('parseGrpcAddress', () => {
  it.each([
    ['grpc://plugin.example:9000', 'plugin.example:9000'],
    ['GRPC://Plugin_1:80/', 'plugin_1:80'],
    ['grpc://10.0.0.7:65535?tls=off', '10.0.0.7:65535'],
    ['grpc://[::1]:9000', '[::1]:9000'],
  ])('reads %s as plaintext', (command, address) => {
    expect(parseGrpcAddress(command)).toEqual({ address, tls: { mode: 'plaintext' } });
  });

  it('encrypts when it is told to, or when it is told how', () => {
    expect(parseGrpcAddress('grpc://p:1?tls=on').tls).toEqual({ mode: 'tls' });
    expect(parseGrpcAddress('grpc://p:1?ca=/etc/ca.pem&server_name=plugin.example').tls).toEqual({ mode: 'tls', caFile: '/etc/ca.pem', serverName: 'plugin.example' });
  });

  it('shows a certificate of its own when it is given one with its key', () => {
    const tls = { mode: 'mutual', caFile: '/etc/ca.pem', certificateFile: '/etc/host.pem', keyFile: '/etc/host key.pem' };
    expect(parseGrpcAddress('grpc://p:1?tls=on&ca=/etc/ca.pem&cert=/etc/host.pem&key=/etc/host%20key.pem').tls).toEqual(tls);
  });

  it('looks for files in the folder of the operator, and nowhere else', () => {
    expect(parseGrpcAddress('grpc://p:1?ca=ca.pem', '/etc/tls').tls).toEqual({ mode: 'tls', caFile: '/etc/tls/ca.pem' });
    expect(parseGrpcAddress('grpc://p:1?ca=/etc/tls/sub/ca.pem', '/etc/tls/').tls).toEqual({ mode: 'tls', caFile: '/etc/tls/sub/ca.pem' });
    expect(problem('grpc://p:1?ca=../shadow', '/etc/tls')).toBe('The file ../shadow for ca does not lie in /etc/tls, where certificates and keys for plugins lie on this host.');
    expect(problem('grpc://p:1?ca=/etc/tls2/ca.pem', '/etc/tls')).toContain('does not lie in /etc/tls,');
  });

  it.each(['grpc://', 'grpc://host', 'grpc://host:0', 'grpc://host:65536', 'grpc://user@host:1', 'grpc://host:1/path', 'grpc://host:1#a', 'grpc://-a:1', 'grpc://::1:9000'])('refuses %s', (command) => {
    expect(problem(command)).toBe(`${command} names no plugin; write a host and a port like grpc://plugin.example:9000.`);
  });

  it.each([
    ['tls=maybe', 'The parameter tls is on or off.'],
    ['tls=off&ca=/ca.pem', 'With tls=off there can be no other parameters.'],
    ['insecure=1', 'A grpc:// command has no parameter insecure; there are tls, ca, cert, key, server_name.'],
    ['tls=on&tls=on', 'The parameter tls is there twice.'],
    ['ca=', 'The parameter ca is empty.'],
    ['cert=/host.pem', 'The parameters cert and key belong together; name both.'],
    ['ca=ca.pem', 'The file ca.pem for ca is relative; write it from the root, or set PLUGIN_TLS_DIR on the host.'],
  ])('refuses the parameters %s', (query, sentence) => {
    expect(problem(`grpc://p:1?${query}`)).toBe(sentence);
  });
});
