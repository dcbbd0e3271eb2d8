import { In, type EntityManager } from 'typeorm';
import { UserEntity } from '../users';
import type { AppEntity } from './app.entity';

export interface AppWithOwner {
  app: AppEntity;
  ownerEmail: string;
}

/** Apps with the present email addresses of their owners, in the order given. */
export async function withOwners(manager: EntityManager, apps: readonly AppEntity[]): Promise<AppWithOwner[]> {
  if (apps.length === 0) return [];
  const ownerIds = [...new Set(apps.map((app) => app.ownerId))];
  const owners = await manager.find(UserEntity, { where: { id: In(ownerIds) }, select: { id: true, email: true } });
  const emails = new Map(owners.map((owner) => [owner.id, owner.email]));
  return apps.map((app) => ({ app, ownerEmail: emails.get(app.ownerId) ?? '' }));
}

export async function withOwner(manager: EntityManager, app: AppEntity): Promise<AppWithOwner> {
  const [found] = await withOwners(manager, [app]);
  return found!;
}
