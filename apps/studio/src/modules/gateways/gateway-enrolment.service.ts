import { Inject, Injectable } from '@nestjs/common';
import { Registration, type Signed } from '@sluice/contracts/edge';
import { verifyPayload } from '@sluice/edge-link';
import type { Clock } from '@sluice/kernel';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../database/unit-of-work';
import { systemContext, type RequestContext } from '../../http/request-context';
import { CLOCK } from '../../process.module';
import { AuditService } from '../audit';
import { RevisionService } from '../snapshots';
import { GatewayAdmission } from './enrolment/gateway-admission';
import { gatewayErrors } from './gateway-errors';
import { GatewayKeySealing } from './gateway-key-sealing';
import { readMessage } from './gateway-signatures';
import { GatewayEntity } from './gateway.entity';
import { checkRegistration } from './registration';
import { checkSignedTime, SIGNED_TIME_TOLERANCE_MS } from './signed-time';

/** Lets gateways in that have an enrolment token, and recognises those that are in by their key. */
@Injectable()
export class GatewayEnrolmentService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly admission: GatewayAdmission,
    private readonly keys: GatewayKeySealing,
    private readonly revisions: RevisionService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the gateway's id. */
  async register(signed: Signed | undefined): Promise<number> {
    if (!signed) throw new gatewayErrors.badRegistration({}, { detail: 'The registration is not signed: this gateway is of a version before enrolment.' });
    const registration = checkRegistration(readMessage(() => Registration.decode(signed.payload)));
    if (!verifyPayload('Registration', signed.payload, signed.signature, registration.publicKey)) throw new gatewayErrors.badSignature();
    checkSignedTime(Number(registration.sentAtMs), this.clock.now());
    const ctx = systemContext('gateway enrolment');
    return this.work.run(ctx, async (tx) => {
      await takeEnrolmentTurn(tx);
      const known = await tx.findOneBy(GatewayEntity, { publicKey: registration.publicKey });
      const id = known ? await this.recognise(tx, known, registration) : await this.enrol(tx, ctx, registration);
      await this.revisions.ensureNamespace(tx, registration.namespace);
      if (known?.sealingKey?.equals(registration.sealingKey) && known.sealedKeys !== null) return id;
      await this.keys.sealToOne(tx, { id, namespace: registration.namespace }, registration.sealingKey);
      await this.revisions.mend(tx, registration.namespace, [{ kind: 'gateway_key', id: String(id) }]);
      return id;
    });
  }

  private async enrol(tx: EntityManager, ctx: RequestContext, registration: Registration): Promise<number> {
    const { name, namespace, version } = registration;
    const tokenId = await this.admission.admit(tx, registration.enrolmentToken, namespace);
    const { id } = await tx.save(tx.create(GatewayEntity, { ...columnsOf(registration), namespace, publicKey: registration.publicKey }));
    await this.audit.record(tx, ctx, { action: 'gateway.enrol', targetType: 'gateway', targetId: id, changes: { name, namespace, version, enrolmentTokenId: tokenId } });
    return id;
  }

  private async recognise(tx: EntityManager, known: GatewayEntity, registration: Registration): Promise<number> {
    const { id } = known;
    if (known.removedAt) throw new gatewayErrors.removed({ id });
    if (known.namespace !== registration.namespace) throw new gatewayErrors.namespaceChanged({ id });
    const lastSentAtMs = Number(known.registrationSentAtMs);
    // One from the future was let in by a clock that has been put right since.
    if (Number(registration.sentAtMs) <= lastSentAtMs && lastSentAtMs <= this.clock.now() + SIGNED_TIME_TOLERANCE_MS) throw new gatewayErrors.replayed({ id });
    await tx.update(GatewayEntity, { id }, columnsOf(registration));
    return id;
  }
}

/** Held until the commit: one gateway enrols or leaves at a time, so that each is sealed the key that is in use when it is in. */
export async function takeEnrolmentTurn(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('gateway enrolment'))`);
}

function columnsOf({ name, version, snapshotFormat, sentAtMs }: Registration): Pick<GatewayEntity, 'name' | 'runningVersion' | 'snapshotFormat' | 'registrationSentAtMs'> {
  return { name, runningVersion: version, snapshotFormat, registrationSentAtMs: String(sentAtMs) };
}
