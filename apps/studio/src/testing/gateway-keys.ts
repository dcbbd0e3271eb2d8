import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generateSealingKey, rawPublicKey, sealingPublicKey, SNAPSHOT_FORMAT } from '@sluice/config-snapshot';
import { Registration, type Signed } from '@sluice/contracts/edge';
import { signGatewayToken, signPayload } from '@sluice/edge-link';
import type { Clock } from '@sluice/kernel';
import { GatewayEnrolmentService } from '../modules/gateways/gateway-enrolment.service';
import type { TestStudio } from './test-studio';

/** Who a gateway is, as the studio sees it: two keys, and what is signed with one of them. */
export class GatewayKeysOfTest {
  readonly privateKey: KeyObject = generateKeyPairSync('ed25519').privateKey;
  readonly sealingKey: KeyObject = generateSealingKey();
  readonly publicKey = rawPublicKey(createPublicKey(this.privateKey));

  constructor(private readonly clock: Pick<Clock, 'now'> = Date) {}

  registration(change: Partial<Registration> = {}, key = this.privateKey): Signed {
    const payload = Registration.encode({
      name: 'edge-1',
      namespace: 'eu',
      publicKey: this.publicKey,
      sealingKey: sealingPublicKey(this.sealingKey),
      version: '0.1.0',
      snapshotFormat: SNAPSHOT_FORMAT,
      sentAtMs: BigInt(this.clock.now()),
      enrolmentToken: '',
      ...change,
    }).finish();
    return { gatewayId: 0, payload: Buffer.from(payload), signature: signPayload('Registration', payload, key) };
  }

  /** The header of a request over HTTP that is made now. */
  get authorization(): string {
    return `Bearer ${signGatewayToken({ publicKey: this.publicKey, issuedAtMs: this.clock.now() }, this.privateKey)}`;
  }
}

/** A gateway that is enrolled in a namespace. */
export async function enrolGateway(studio: TestStudio, namespace: string): Promise<GatewayKeysOfTest> {
  const keys = new GatewayKeysOfTest();
  await studio.app.get(GatewayEnrolmentService, { strict: false }).register(keys.registration({ namespace, enrolmentToken: studio.config.edge.joinToken }));
  return keys;
}
