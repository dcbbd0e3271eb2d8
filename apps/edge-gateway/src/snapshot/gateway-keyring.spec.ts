import { deriveEdgeKeys, generateSealingKey, keyIdOf, sealConfig, sealGatewayKeys, sealingPublicKey, type GatewayKeyData } from '@sluice/config-snapshot';
import { pluginRecord } from '../testing/records';
import { GatewayKeyring } from './gateway-keyring';
import { openPlugins } from './open-plugins';

const sealingKey = generateSealingKey();
const shared = deriveEdgeKeys(Buffer.alloc(32, 1));
const keys = { namespaceKey: new Uint8Array(32).fill(2), tokenHashKey: new Uint8Array(32).fill(3), eventKey: new Uint8Array(32).fill(4) };

const table = (...records: GatewayKeyData[]): ReadonlyMap<number, GatewayKeyData> => new Map(records.map((record) => [record.id, record]));

function sealedTo(recipient = sealingKey, id = 7, version = 3): GatewayKeyData {
  const publicKey = sealingPublicKey(recipient);
  return { id, key_id: keyIdOf(publicKey), key_version: version, sealed: sealGatewayKeys(keys, publicKey, { gatewayId: id, namespace: 'eu', keyVersion: version }) };
}

describe('GatewayKeyring', () => {
  const keyring = (withShared = true) => new GatewayKeyring({ namespace: 'eu', sealingKey, shared: withShared ? shared : undefined });

  it('finds what is sealed to this gateway among what is sealed to others', () => {
    expect(keyring().under(table(sealedTo(generateSealingKey(), 6), sealedTo()))).toEqual({ version: 3, ...keys });
    expect(keyring().under(table(sealedTo(generateSealingKey(), 6)))).toBeUndefined();
  });

  it('refuses what is for it and does not open', () => {
    expect(() => keyring().under(table({ ...sealedTo(), key_version: 4 }))).toThrow(expect.objectContaining({ code: 'snapshot.badSeal' }));
  });

  it('has the shared keys until it is given its own, and keeps those for tokens and events when it is removed', () => {
    const ring = keyring();
    expect([ring.tokenHashKey, ring.eventKey]).toEqual([shared.tokenHashKey, shared.eventKey]);
    ring.hold(ring.under(table(sealedTo())));
    expect([ring.tokenHashKey, ring.eventKey, ring.held?.version]).toEqual([keys.tokenHashKey, keys.eventKey, 3]);
    ring.hold(ring.under(table()));
    expect([ring.tokenHashKey, ring.eventKey, ring.held]).toEqual([keys.tokenHashKey, keys.eventKey, undefined]);
  });

  it('has nothing without either', () => {
    const ring = keyring(false);
    expect([ring.tokenHashKey, ring.eventKey, ring.opening(undefined)]).toEqual([undefined, undefined, { namespaceKey: undefined, sharedKey: undefined }]);
  });

  it('lets the plugins that need a missing key wait, and no others', () => {
    const ring = keyring();
    const config = sealConfig({ secret: 's' }, ['/secret'], { version: 4, key: keys.namespaceKey }, 'plugin 8');
    const plugins = [pluginRecord({ id: 7, slug: 'open' }), pluginRecord({ id: 8, slug: 'closed', config })].map(({ data }) => data) as Parameters<typeof openPlugins>[0];
    const opened = openPlugins(plugins, ring.opening(ring.under(table(sealedTo()))));
    expect(opened.open.map(({ id }) => id)).toEqual([7]);
    expect([...opened.waiting]).toEqual([[8, expect.stringContaining('Waits for key 4')]]);
    const given = openPlugins(plugins, ring.opening(ring.under(table(sealedTo(sealingKey, 7, 4)))));
    expect([given.open[1]!.config, given.waiting.size]).toEqual([{ secret: 's' }, 0]);
  });
});
