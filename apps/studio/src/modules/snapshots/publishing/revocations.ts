import { Injectable } from '@nestjs/common';
import { signRevocation, type SignedRevocation } from '@sluice/config-snapshot';
import { StudioConfig } from '../../../config';
import { RecordStore, type RevisionOf } from '../storage/record-store';

/** A notice of more would be too long for a gateway to look at. */
const TOKENS_A_NOTICE = 10_000;

/** Says which tokens a revision takes away, for gateways that have to wait for the rest of it. */
@Injectable()
export class Revocations {
  constructor(
    private readonly records: RecordStore,
    private readonly config: StudioConfig,
  ) {}

  /** As many notices as it takes; none when no token is taken away. */
  async of({ namespace, epoch, revision }: RevisionOf, before: number): Promise<SignedRevocation[]> {
    const texts = await this.records.removedTexts({ namespace, epoch, revision }, before, 'token');
    const hashes = texts.map((text) => (JSON.parse(text) as { data: { hash: string } }).data.hash).sort();
    const notices: SignedRevocation[] = [];
    for (let start = 0; start < hashes.length; start += TOKENS_A_NOTICE) {
      const token_hashes = hashes.slice(start, start + TOKENS_A_NOTICE);
      notices.push(signRevocation({ namespace, epoch, revision, token_hashes }, this.config.snapshotSigningKey));
    }
    return notices;
  }
}
