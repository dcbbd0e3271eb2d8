import { faultsOf } from '../../http/zod';
import { unstorableParts } from '../../http/unstorable';
import type { Accepted, HookedObject, HookedWrite } from '../object-hooks';
import type { AppEntity } from './app.entity';
import { updateAppBody, type UpdateApp } from './app.schema';

/** An app as plugins see it: what the API can set, and its id once it has one. */
export type HookedApp = UpdateApp & { readonly id?: number };

export function hookedApp(app: AppEntity): HookedApp {
  return {
    id: app.id,
    name: app.name,
    description: app.description,
    owner_id: app.ownerId,
    is_active: app.isActive,
    monthly_budget: app.monthlyBudget,
    rate_limit: app.rateLimit,
    metadata: app.metadata,
    namespace: app.namespace,
  };
}

export function appWrite<T extends HookedApp>(verb: 'create' | 'update', object: T): HookedWrite<T> {
  return { objectType: 'app', verb, object, accept: (changed) => acceptApp(object, changed) };
}

export function appDeletion(object: HookedApp): HookedWrite<HookedApp> {
  return { objectType: 'app', verb: 'delete', object, accept: () => ({ ok: false, reason: 'what is deleted cannot be changed' }) };
}

/** What a plugin may make of an app is what a client may: by the same schema. What it left out stays. */
function acceptApp<T extends HookedApp>(object: T, { id, ...changed }: HookedObject): Accepted<T> {
  if (id !== undefined && id !== object.id) return { ok: false, reason: '/id: the id cannot be changed' };
  const parsed = updateAppBody.safeParse(changed);
  const faults = parsed.success ? unstorableParts(changed) : faultsOf(parsed.error);
  if (!parsed.success || faults.length > 0) return { ok: false, reason: faults.map(({ pointer, message }) => `${pointer}: ${message}`).join(' ') };
  return { ok: true, object: { ...object, ...parsed.data } };
}
