import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { CLOCK } from '../../process.module';
import { AppEntity, AppTokenEntity } from '../apps';
import { RecordSources, rowPages, type RecordSource, type SourcedRecord } from '../snapshots';
import { unixSeconds } from './unix-seconds';

/** Tokens of active apps that are neither revoked nor expired. Gateways check the expiry of those themselves. */
@Injectable()
export class TokenRecords implements RecordSource {
  readonly kind = 'token';

  constructor(
    sources: RecordSources,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    sources.add(this);
  }

  async some(tx: EntityManager, namespace: string, ids: readonly number[]): Promise<SourcedRecord[]> {
    const tokens = await this.valid(tx, namespace).andWhere('token.id = ANY(:ids)', { ids }).getMany();
    return tokens.map(toRecord);
  }

  async *all(tx: EntityManager, namespace: string): AsyncIterable<SourcedRecord[]> {
    const load = (after: number, limit: number): Promise<AppTokenEntity[]> => this.valid(tx, namespace).andWhere('token.id > :after', { after }).limit(limit).getMany();
    for await (const tokens of rowPages(load)) yield tokens.map(toRecord);
  }

  private valid(tx: EntityManager, namespace: string): SelectQueryBuilder<AppTokenEntity> {
    return tx
      .createQueryBuilder(AppTokenEntity, 'token')
      .innerJoin(AppEntity, 'app', 'app.id = token.appId')
      .where('app.isActive AND app.namespace IN (:...namespaces)', { namespaces: ['', namespace] })
      .andWhere('token.revokedAt IS NULL AND (token.expiresAt IS NULL OR token.expiresAt > :now)', { now: new Date(this.clock.now()) })
      .orderBy('token.id');
  }
}

function toRecord(token: AppTokenEntity): SourcedRecord {
  const data = { id: token.id, app_id: token.appId, hash: token.hash, scopes: token.scopes, expires_at: token.expiresAt && unixSeconds(token.expiresAt) };
  return { record: { kind: 'token', id: String(token.id), data }, refersTo: { kind: 'app', id: token.appId } };
}
