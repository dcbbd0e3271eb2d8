import { Injectable } from '@nestjs/common';
import { Any, In, MoreThan, type EntityManager, type FindOperator } from 'typeorm';
import { AppEntity } from '../apps';
import { RecordSources, rowPages, type RecordSource, type SourcedRecord } from '../snapshots';
import { UserEntity } from '../users';
import { unixSeconds } from './unix-seconds';

/** Active apps. */
@Injectable()
export class AppRecords implements RecordSource {
  readonly kind = 'app';

  constructor(sources: RecordSources) {
    sources.add(this);
  }

  async some(tx: EntityManager, namespace: string, ids: readonly number[]): Promise<SourcedRecord[]> {
    return this.withOwners(tx, await this.apps(tx, namespace, Any(ids)));
  }

  async *all(tx: EntityManager, namespace: string): AsyncIterable<SourcedRecord[]> {
    for await (const apps of rowPages((after, limit) => this.apps(tx, namespace, MoreThan(after), limit))) yield await this.withOwners(tx, apps);
  }

  private apps(tx: EntityManager, namespace: string, id: FindOperator<number>, take?: number): Promise<AppEntity[]> {
    return tx.find(AppEntity, { where: { id, isActive: true, namespace: In(['', namespace]) }, order: { id: 'ASC' }, take });
  }

  private async withOwners(tx: EntityManager, apps: readonly AppEntity[]): Promise<SourcedRecord[]> {
    const ownerIds = [...new Set(apps.map((app) => app.ownerId))];
    const owners = await tx.find(UserEntity, { where: { id: Any(ownerIds) }, select: { id: true, email: true } });
    const emails = new Map(owners.map((owner) => [owner.id, owner.email]));
    return apps.map((app) => toRecord(app, emails.get(app.ownerId) ?? ''));
  }
}

function toRecord(app: AppEntity, ownerEmail: string): SourcedRecord {
  const data = {
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
  };
  return { record: { kind: 'app', id: String(app.id), data }, origin: { owner_id: app.ownerId, organization_id: app.organizationId } };
}
