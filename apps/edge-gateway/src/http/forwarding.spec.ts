import type { IncomingMessage } from 'node:http';
import { resolveClient } from './forwarding';
import { RequestHead } from './request-head';
import { TrustedProxies } from './trusted-proxies';

const proxies = TrustedProxies.parse('10.0.0.0/8');

function resolve(...rawHeaders: string[]) {
  const head = new RequestHead({ rawHeaders, httpVersion: '1.1' } as unknown as IncomingMessage, true);
  head.clientAddress = '10.0.0.1';
  const error = resolveClient(head, proxies);
  return { client: head.clientAddress, headers: { ...head.headers }, code: error?.code };
}

describe('resolveClient', () => {
  it.each([
    ['one hop', '192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['proxies behind each other', '192.0.2.1, 10.0.0.9', '192.0.2.1', '192.0.2.1, 10.0.0.9'],
    ['what the client wrote itself', '1.1.1.1, 192.0.2.1, 10.0.0.9', '192.0.2.1', '192.0.2.1, 10.0.0.9'],
    ['a port', '192.0.2.1:5000', '192.0.2.1', '192.0.2.1:5000'],
    ['IPv6', '2001:db8::1', '2001:db8::1', '2001:db8::1'],
    ['IPv4 in IPv6', '::ffff:192.0.2.1', '192.0.2.1', '::ffff:192.0.2.1'],
    ['IPv6 with a port', '[2001:db8::1]:5000', '2001:db8::1', '[2001:db8::1]:5000'],
    ['nobody but proxies', '10.0.0.3, 10.0.0.2', '10.0.0.3', '10.0.0.3, 10.0.0.2'],
    ['a hidden client', 'unknown, 10.0.0.2', '10.0.0.2', '10.0.0.2'],
    ['no address at all', 'unknown', '10.0.0.1', undefined],
    ['an empty entry', '192.0.2.1, ', '10.0.0.1', undefined],
  ])('reads X-Forwarded-For with %s', (_, value, client, kept) => {
    expect(resolve('X-Forwarded-For', value)).toEqual({ client, headers: kept === undefined ? {} : { 'X-Forwarded-For': kept }, code: undefined });
  });

  it('takes several header lines for one list', () => {
    expect(resolve('X-Forwarded-For', '1.1.1.1', 'x-forwarded-for', '192.0.2.1')).toMatchObject({ client: '192.0.2.1', headers: { 'X-Forwarded-For': '192.0.2.1' } });
  });

  it.each([
    ['for=192.0.2.1;proto=https', '192.0.2.1'],
    ['proto=https;For="[2001:db8::1]:47011"', '2001:db8::1'],
    ['for=1.1.1.1, for=192.0.2.1, for=10.0.0.7', '192.0.2.1'],
    ['for=_hidden', '10.0.0.1'],
    ['proto=https', '10.0.0.1'],
  ])('reads Forwarded: %s', (value, client) => {
    expect(resolve('Forwarded', value)).toMatchObject({ client, code: undefined });
  });

  it('refuses two headers that name different clients', () => {
    expect(resolve('Forwarded', 'for=192.0.2.1', 'X-Forwarded-For', '192.0.2.1').code).toBeUndefined();
    expect(resolve('Forwarded', 'for=_hidden', 'X-Forwarded-For', '192.0.2.1')).toMatchObject({ client: '192.0.2.1', code: undefined });
    expect(resolve('Forwarded', 'for=192.0.2.1', 'X-Forwarded-For', '192.0.2.2').code).toBe('request.badForwarding');
  });

  it('leaves the address of the connection where nothing is forwarded', () => {
    expect(resolve('X-Forwarded-Proto', 'https')).toEqual({ client: '10.0.0.1', headers: { 'X-Forwarded-Proto': 'https' }, code: undefined });
  });
});
