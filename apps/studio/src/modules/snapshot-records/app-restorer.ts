import { Injectable } from '@nestjs/common';
import type { AppData, JsonObject } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../http/request-context';
import { AppEntity } from '../apps';
import { AuditService } from '../audit';
import { SystemEvents } from '../events';
import { RecordRestorers, RevisionService, snapshotServiceErrors, type NounToRestore, type RecordName, type RecordRestorer } from '../snapshots';
import { UserEntity } from '../users';

/** Puts apps back. One that was deleted comes back under its id, without its tokens; one that gateways did not have is switched off. */
@Injectable()
export class AppRestorer implements RecordRestorer {
  readonly kind = 'app';

  constructor(
    private readonly audit: AuditService,
    private readonly revisions: RevisionService,
    private readonly events: SystemEvents,
    restorers: RecordRestorers,
  ) {
    restorers.add(this);
  }

  async restore(tx: EntityManager, ctx: RequestContext, nouns: readonly NounToRestore[]): Promise<void> {
    const touched = new Map<string, RecordName[]>();
    for (const noun of nouns) {
      const app = await tx.findOne(AppEntity, { where: { id: noun.id }, lock: { mode: 'pessimistic_write' } });
      const namespaces = await this.restoreOne(tx, ctx, noun, app);
      const names = await namesOf(tx, noun.id);
      for (const namespace of namespaces) touched.set(namespace, [...(touched.get(namespace) ?? []), ...names]);
    }
    for (const [namespace, names] of touched) await this.revisions.bump(tx, namespace, names);
  }

  /** @returns whose gateways have it, or had it. */
  private async restoreOne(tx: EntityManager, ctx: RequestContext, { id, version }: NounToRestore, app: AppEntity | null): Promise<string[]> {
    if (version === null && app === null) return [];
    const changed = version === null ? { isActive: false } : { ...columnsOf(version.record.data as AppData), ...(await ownerOf(tx, id, version.origin, app)) };
    const before = app?.namespace;
    const saved = await tx.save(AppEntity, Object.assign(app ?? newApp(id, version), changed));
    const namespaces = [...new Set([saved.namespace, before ?? saved.namespace])];
    await this.audit.record(tx, ctx, { action: 'app.restore', targetType: 'app', targetId: id, changes: changed });
    await this.events.announce(tx, { noun: 'app', verb: app ? 'updated' : 'created', id, name: saved.name, organizationId: saved.organizationId, namespaces });
    return namespaces;
  }
}

/** One that was deleted is as old as it was. */
function newApp(id: number, version: NounToRestore['version']): AppEntity {
  const { created_at: createdAt } = (version?.record.data ?? {}) as Partial<AppData>;
  return Object.assign(new AppEntity(), { id, ...(createdAt !== undefined && { createdAt: new Date(createdAt * 1_000) }) });
}

function columnsOf(data: AppData): Partial<AppEntity> {
  const { name, description, metadata, namespace } = data;
  return { name, description, metadata, namespace, isActive: true, monthlyBudget: data.monthly_budget, rateLimit: data.rate_limit };
}

/** Its owner of that time while there is that user; else the one that it has now. */
async function ownerOf(tx: EntityManager, id: number, origin: JsonObject | null, app: AppEntity | null): Promise<Partial<AppEntity>> {
  const { owner_id: ownerId, organization_id: organizationId } = (origin ?? {}) as { owner_id?: number; organization_id?: number };
  if (ownerId !== undefined && (await tx.existsBy(UserEntity, { id: ownerId }))) return { ownerId, organizationId };
  if (app) return {};
  throw new snapshotServiceErrors.notRestorable({ id, ownerId }, { detail: `App ${id} cannot be restored: its owner, user ${ownerId}, does not exist any more.` });
}

async function namesOf(tx: EntityManager, appId: number): Promise<RecordName[]> {
  const tokens: { id: number }[] = await tx.query('SELECT id FROM app_tokens WHERE app_id = $1', [appId]);
  return [{ kind: 'app', id: appId }, ...tokens.map(({ id }) => ({ kind: 'token' as const, id }))];
}
