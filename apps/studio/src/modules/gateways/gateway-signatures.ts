import { Inject, Injectable } from '@nestjs/common';
import type { Signed } from '@sluice/contracts/edge';
import { verifyPayload, type SignedMessage } from '@sluice/edge-link';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { CLOCK } from '../../process.module';
import { gatewayErrors } from './gateway-errors';
import { GatewayEntity } from './gateway.entity';
import { checkSignedTime } from './signed-time';

/** Makes certain which gateway says something, and that it says so now. */
@Injectable()
export class GatewaySignatures {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async verify(messageName: SignedMessage, signed: Signed | undefined): Promise<{ gateway: GatewayEntity; payload: Buffer }> {
    if (!signed) throw new gatewayErrors.badPayload();
    const gateway = await this.dataSource.manager.findOneBy(GatewayEntity, { id: signed.gatewayId });
    if (!gateway) throw new gatewayErrors.notRegistered({ id: signed.gatewayId });
    if (!verifyPayload(messageName, signed.payload, signed.signature, gateway.publicKey)) throw new gatewayErrors.badSignature({ id: gateway.id });
    if (gateway.removedAt) throw new gatewayErrors.removed({ id: gateway.id });
    return { gateway, payload: signed.payload };
  }

  checkTime(sentAtMs: bigint): void {
    checkSignedTime(Number(sentAtMs), this.clock.now());
  }
}

/** What the bytes of a signed message say. @throws gatewayErrors.badPayload */
export function readMessage<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new gatewayErrors.badPayload({}, { cause });
  }
}
