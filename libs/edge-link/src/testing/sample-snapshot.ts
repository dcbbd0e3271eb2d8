import { buildSnapshot, encodeSnapshot, generateSigningKey, isUnchanged, openSnapshot, signSnapshot, type Format1Header } from '@sluice/config-snapshot';
import { randomUUID } from 'node:crypto';
import type { BodyOutcome, BodySource } from '../snapshots/snapshot-receiver';

/** A studio's side of a namespace: makes signed snapshots. */
export class SampleStudio {
  readonly key = generateSigningKey();

  constructor(readonly namespace: string = randomUUID()) {}

  snapshot(revision: number, { epoch = 'epoch-1', createdAt = new Date(), name = `as of ${revision}` } = {}): { header: Format1Header; body: Buffer } {
    const data = {
      id: 1, name, description: '', owner_email: '', is_active: true, monthly_budget: null, rate_limit: 0, metadata: {}, namespace: '', created_at: 0, updated_at: 0,
    };
    const unsigned = buildSnapshot({ namespace: this.namespace, epoch, revision, parent: null, createdAt, records: [{ kind: 'app', id: '1', data }] });
    return { header: unsigned.header, body: encodeSnapshot(signSnapshot(unsigned, this.key.privateKey)) };
  }
}

/** A gateway's side: verifies and applies, and remembers what came. */
export class SampleGateway {
  readonly outcomes: { outcome: BodyOutcome; source: BodySource }[] = [];
  private applied: Format1Header | null = null;

  constructor(private readonly studio: SampleStudio) {}

  get revision(): number | undefined {
    return this.applied?.revision;
  }

  readonly onBody = async (body: Uint8Array, source: BodySource): Promise<BodyOutcome> => {
    const outcome = this.judge(body);
    this.outcomes.push({ outcome, source });
    return outcome;
  };

  private judge(body: Uint8Array): BodyOutcome {
    const { key, namespace } = this.studio;
    try {
      this.applied = openSnapshot(body, { publicKeys: new Map([[key.keyId, key.publicKey]]), namespace }, this.applied).header;
      return 'applied';
    } catch (error) {
      return isUnchanged(error) ? 'unchanged' : 'refused';
    }
  }
}
