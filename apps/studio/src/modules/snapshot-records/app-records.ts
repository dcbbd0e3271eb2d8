import { Inject, Injectable } from '@nestjs/common';
import type { SnapshotRecord } from '@sluice/config-snapshot';
import type { Clock } from '@sluice/kernel';
import { In, type EntityManager } from 'typeorm';
import { CLOCK } from '../../process.module';
import { AppEntity, AppTokenEntity } from '../apps';
import { RecordSources, type RecordSource } from '../snapshots';
import { UserEntity } from '../users';

/** Active apps, and their tokens that are neither revoked nor expired. Gateways check the expiry of those themselves. */
@Injectable()
export class AppRecords implements RecordSource {
  constructor(
    sources: RecordSources,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    sources.add(this);
  }

  async records(tx: EntityManager, namespace: string): Promise<SnapshotRecord[]> {
    const apps = await tx.find(AppEntity, { where: { isActive: true, namespace: In(['', namespace]) }, order: { id: 'ASC' } });
    const emails = await ownerEmails(tx, apps);
    const tokens = await this.validTokens(tx, namespace);
    return [...apps.map((app) => appRecord(app, emails.get(app.ownerId) ?? '')), ...tokens.map(tokenRecord)];
  }

  private validTokens(tx: EntityManager, namespace: string): Promise<AppTokenEntity[]> {
    return tx
      .createQueryBuilder(AppTokenEntity, 'token')
      .innerJoin(AppEntity, 'app', 'app.id = token.appId')
      .where('app.isActive AND app.namespace IN (:...namespaces)', { namespaces: ['', namespace] })
      .andWhere('token.revokedAt IS NULL AND (token.expiresAt IS NULL OR token.expiresAt > :now)', { now: new Date(this.clock.now()) })
      .orderBy('token.id')
      .getMany();
  }
}

async function ownerEmails(tx: EntityManager, apps: readonly AppEntity[]): Promise<Map<number, string>> {
  const owners = await tx.find(UserEntity, { where: { id: In([...new Set(apps.map((app) => app.ownerId))]) }, select: { id: true, email: true } });
  return new Map(owners.map((owner) => [owner.id, owner.email]));
}

function appRecord(app: AppEntity, ownerEmail: string): SnapshotRecord {
  return {
    kind: 'app',
    id: String(app.id),
    data: {
      id: app.id,
      name: app.name,
      description: app.description,
      owner_email: ownerEmail,
      is_active: app.isActive,
      monthly_budget: app.monthlyBudget,
      rate_limit: app.rateLimit,
      metadata: app.metadata,
      namespace: app.namespace,
      created_at: unixSeconds(app.createdAt),
      updated_at: unixSeconds(app.updatedAt),
    },
  };
}

function tokenRecord(token: AppTokenEntity): SnapshotRecord {
  return {
    kind: 'token',
    id: String(token.id),
    data: { id: token.id, app_id: token.appId, hash: token.hash, scopes: token.scopes, expires_at: token.expiresAt && unixSeconds(token.expiresAt) },
  };
}

function unixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
