import { randomBytes } from 'node:crypto';
import { openGatewayKeys, sealGatewayKeys, type GatewayKeyPlace } from './gateway-keys';
import { generateSealingKey, importSealingKey, parseSealingKey, sealingPublicKey } from './sealing-keys';
import { generateSigningKey } from './signing-keys';

const gateway = generateSealingKey();
const keys = { namespaceKey: new Uint8Array(randomBytes(32)), tokenHashKey: new Uint8Array(randomBytes(32)), eventKey: new Uint8Array(randomBytes(32)) };
const place: GatewayKeyPlace = { gatewayId: 7, namespace: 'eu', keyVersion: 3 };

describe('sealGatewayKeys', () => {
  const sealed = sealGatewayKeys(keys, sealingPublicKey(gateway), place);

  it('is opened by the gateway that it is sealed to', () => {
    expect(openGatewayKeys(sealed, gateway, place)).toEqual(keys);
  });

  it('never gives the same twice', () => {
    expect(sealGatewayKeys(keys, sealingPublicKey(gateway), place)).not.toBe(sealed);
  });

  it.each<[string, () => unknown]>([
    ['by another gateway', () => openGatewayKeys(sealed, generateSealingKey(), place)],
    ['under another id', () => openGatewayKeys(sealed, gateway, { ...place, gatewayId: 8 })],
    ['in another namespace', () => openGatewayKeys(sealed, gateway, { ...place, namespace: 'us' })],
    ['as another version', () => openGatewayKeys(sealed, gateway, { ...place, keyVersion: 4 })],
    ['when cut short', () => openGatewayKeys(sealed.slice(0, 40), gateway, place)],
    ['when it is nothing', () => openGatewayKeys('', gateway, place)],
  ])('does not open %s', (_, open) => expect(open).toThrow(expect.objectContaining({ code: 'snapshot.badSeal', details: { path: expect.stringContaining('/records/gateway_key/') } })));

  it('does not open with any bit flipped', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      // X25519 does not look at the topmost bit of a public key; the derivation does.
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openGatewayKeys(flipped.toString('base64url'), gateway, place)).toThrow(expect.objectContaining({ code: 'snapshot.badSeal' }));
    }
  });

  it('refuses keys that nothing can be sealed to', () => {
    for (const recipient of [Buffer.alloc(32), Buffer.alloc(31, 1)]) expect(() => sealGatewayKeys(keys, recipient, place)).toThrow(expect.objectContaining({ code: 'snapshot.badKey' }));
  });
});

describe('sealing keys', () => {
  it('are read back from what is written', () => {
    const pem = gateway.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(sealingPublicKey(parseSealingKey(pem))).toEqual(sealingPublicKey(gateway));
    expect(importSealingKey(sealingPublicKey(gateway)).asymmetricKeyType).toBe('x25519');
  });

  it.each([['nothing', ''], ['a signing key', generateSigningKey().privateKeyPem]])('are not %s', (_, pem) => {
    expect(() => parseSealingKey(pem)).toThrow(expect.objectContaining({ code: 'snapshot.badKey' }));
  });
});
