import { generateSigningKey, rawPublicKey } from '@sluice/config-snapshot';
import { readGatewayToken, signGatewayToken } from './gateway-token';

const { privateKey, publicKey } = generateSigningKey();
const claim = { publicKey: rawPublicKey(publicKey), issuedAtMs: 1_795_000_000_000 };

describe('signGatewayToken', () => {
  const token = signGatewayToken(claim, privateKey);
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is a JSON Web Token that says whose it is and from when', () => {
    expect(readGatewayToken(token)).toEqual(claim);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'EdDSA', typ: 'sluice-gateway+jwt' });
  });

  it.each<[string, string]>([
    ['that another key signed', signGatewayToken(claim, generateSigningKey().privateKey)],
    ['with other claims', `${header}.${part({ sub: claim.publicKey.toString('base64url'), iat: 1 })}.${signature}`],
    ['with another header', `${part({ alg: 'none', typ: 'sluice-gateway+jwt' })}.${claims}.${signature}`],
    ['without a signature', `${header}.${claims}.`],
    ['in two parts', `${header}.${claims}`],
    ['in four parts', `${token}.x`],
    ['without claims', `${header}.${part({})}.${signature}`],
    ['that is much too long', `${token}${'A'.repeat(2_000)}`],
    ['that is none', 'join'],
    ['that is empty', ''],
  ])('does not pass for a token %s', (_, text) => expect(readGatewayToken(text)).toBeUndefined());
});
