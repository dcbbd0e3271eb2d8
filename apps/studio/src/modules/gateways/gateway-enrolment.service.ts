import { Injectable } from '@nestjs/common';
import { RegisterRequest } from '@sluice/contracts/edge';
import { UnitOfWork } from '../../database/unit-of-work';
import { joinTokenMatches } from './join-token';
import { systemContext } from '../../http/request-context';
import { StudioConfig } from '../../config';
import { AuditService } from '../audit';
import { parseNamespace, RevisionService } from '../snapshots';
import { gatewayErrors } from './gateway-errors';

const PUBLIC_KEY_BYTES = 32;
const MAX_NAME_LENGTH = 200;
const MAX_VERSION_LENGTH = 100;

/** Lets gateways in that know the join token. */
@Injectable()
export class GatewayEnrolmentService {
  constructor(
    private readonly config: StudioConfig,
    private readonly work: UnitOfWork,
    private readonly revisions: RevisionService,
    private readonly audit: AuditService,
  ) {}

  /** Makes a gateway known, or recognises it by its key. @returns its id. */
  async register(request: RegisterRequest): Promise<number> {
    if (!joinTokenMatches(request.joinToken, this.config.edge.joinToken)) throw new gatewayErrors.badJoinToken();
    const { name, namespace, publicKey, version, snapshotFormat } = readRequest(request);
    const ctx = systemContext('gateway enrolment');
    return this.work.run(ctx, async (tx) => {
      const rows: { id: number; is_new: boolean }[] = await tx.query(
        `INSERT INTO gateways (name, namespace, public_key, running_version, snapshot_format) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (public_key) DO UPDATE SET name = excluded.name, namespace = excluded.namespace, running_version = excluded.running_version,
           snapshot_format = excluded.snapshot_format, updated_at = now()
         RETURNING id, xmax = 0 AS is_new`,
        [name, namespace, publicKey, version, snapshotFormat],
      );
      const { id, is_new: isNew } = rows[0]!;
      if (isNew) await this.audit.record(tx, ctx, { action: 'gateway.enrol', targetType: 'gateway', targetId: id, changes: { name, namespace, version } });
      await this.revisions.ensureNamespace(tx, namespace);
      return id;
    });
  }
}

function readRequest(request: RegisterRequest): Pick<RegisterRequest, 'name' | 'namespace' | 'publicKey' | 'version' | 'snapshotFormat'> {
  const namespace = parseNamespace(request.namespace);
  if (namespace === undefined) throw new gatewayErrors.badRegistration({}, { detail: 'The namespace consists of lower-case letters, digits and hyphens, at most 63.' });
  if (request.publicKey.length !== PUBLIC_KEY_BYTES) throw new gatewayErrors.badRegistration({}, { detail: 'The public key must be the raw 32 bytes of an Ed25519 key.' });
  if (!isPlain(request.name, 1, MAX_NAME_LENGTH)) throw new gatewayErrors.badRegistration({}, { detail: `The name must have 1 to ${MAX_NAME_LENGTH} characters.` });
  if (!isPlain(request.version, 0, MAX_VERSION_LENGTH)) throw new gatewayErrors.badRegistration({}, { detail: `The version must have at most ${MAX_VERSION_LENGTH} characters.` });
  return { ...request, namespace };
}

function isPlain(text: string, minLength: number, maxLength: number): boolean {
  return text.length >= minLength && text.length <= maxLength && !/\p{Cc}/u.test(text);
}
