import { handshakeLine } from './handshake-line';

describe('handshakeLine', () => {
  it('has the six parts of go-plugin, the last one empty without certificates', () => {
    expect(handshakeLine({ network: 'unix', address: '/run/p/plugin123' }, '')).toBe('1|1|unix|/run/p/plugin123|grpc|\n');
    expect(handshakeLine({ network: 'tcp', address: '127.0.0.1:10000' }, 'MIIB')).toBe('1|1|tcp|127.0.0.1:10000|grpc|MIIB\n');
  });
});
