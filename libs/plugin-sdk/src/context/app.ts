import type * as wire from '@sluice/contracts/plugin';

/** Who calls: the app that the accepted token belongs to. */
export interface App {
  id: number;
  name: string;
  description: string;
  ownerEmail: string;
  isActive: boolean;
  monthlyBudget: number;
  /** Requests a minute; 0 is no limit. */
  rateLimit: number;
  metadata: Record<string, string>;
  pluginResources: AppPluginResources[];
}

/** What an app may use of one resource type of one plugin. */
export interface AppPluginResources {
  pluginId: number;
  resourceType: string;
  instanceIds: string[];
  instances: { id: string; name: string; privacyScore: number; metadata: Buffer }[];
}

export interface User {
  id: number;
  email: string;
  name: string;
  isActive: boolean;
  metadata: Record<string, string>;
}

export function appFromWire(app: wire.App): App {
  return {
    id: app.id,
    name: app.name,
    description: app.description,
    ownerEmail: app.ownerEmail,
    isActive: app.isActive,
    monthlyBudget: app.monthlyBudget,
    rateLimit: app.rateLimit,
    metadata: app.metadata,
    pluginResources: app.pluginResources.map(({ resourceTypeSlug, ...resources }) => ({ ...resources, resourceType: resourceTypeSlug })),
  };
}

export function appToWire(app: Partial<App> & { id: number }): wire.App {
  return {
    id: app.id,
    name: app.name ?? '',
    description: app.description ?? '',
    ownerEmail: app.ownerEmail ?? '',
    isActive: app.isActive ?? true,
    monthlyBudget: app.monthlyBudget ?? 0,
    rateLimit: app.rateLimit ?? 0,
    metadata: app.metadata ?? {},
    pluginResources: (app.pluginResources ?? []).map(({ resourceType, ...resources }) => ({ ...resources, resourceTypeSlug: resourceType })),
  };
}

export function userToWire(user: Partial<User> & { id: number }): wire.User {
  return { id: user.id, email: user.email ?? '', name: user.name ?? '', isActive: user.isActive ?? true, metadata: user.metadata ?? {} };
}
