import {
  CreateResourceInstanceResponse,
  GetResourceInstanceResponse,
  GetResourceTypeRegistrationsResponse,
  ListResourceInstancesResponse,
  ResourceInstanceProto,
  ResourceTypeRegistrationProto,
  ValidateResourceSelectionResponse,
} from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';

export interface ResourceType {
  /** `^[a-z0-9_-]+$`, unique in the plugin. */
  slug: string;
  name: string;
  description?: string;
  icon?: string;
  hasPrivacyScore?: boolean;
  supportsSubmissions?: boolean;
  /** A web component that selects instances; without it the studio shows a list. */
  formComponent?: { tag: string; entryPoint: string };
}

export interface ResourceInstance {
  id: string;
  name: string;
  description?: string;
  /** 0 to 100. */
  privacyScore?: number;
  /** A JSON value. It reaches every gateway: never a secret. */
  metadata?: unknown;
  /** Default true. */
  isActive?: boolean;
}

export interface ResourceSelection {
  resourceType: string;
  instanceIds: string[];
  appId: number;
}

/** Hook `resource_provider`: kinds of things that apps may bundle. */
export interface ResourceProvider {
  resourceTypes(): readonly ResourceType[] | Promise<readonly ResourceType[]>;
  listResourceInstances(ctx: Context, resourceType: string): readonly ResourceInstance[] | Promise<readonly ResourceInstance[]>;
  getResourceInstance(ctx: Context, resourceType: string, id: string): ResourceInstance | undefined | Promise<ResourceInstance | undefined>;
  /** Throws the sentence why this selection cannot be. */
  validateResourceSelection?(ctx: Context, selection: ResourceSelection): void | Promise<void>;
  /** Called when a submission was approved. */
  createResourceInstance?(ctx: Context, resourceType: string, payload: Buffer): ResourceInstance | Promise<ResourceInstance>;
}

export const resourceProvider = [
  unary<'getResourceTypeRegistrations', ResourceProvider>('getResourceTypeRegistrations', {
    method: 'resourceTypes',
    answer: async (plugin) =>
      GetResourceTypeRegistrationsResponse.create({
        registrations: (await plugin.resourceTypes()).map((type) => ResourceTypeRegistrationProto.create(type)),
      }),
    otherwise: () => GetResourceTypeRegistrationsResponse.create(),
  }),
  unary<'listResourceInstances', ResourceProvider>('listResourceInstances', {
    method: 'listResourceInstances',
    answer: async (plugin, ctx, { resourceTypeSlug }) => {
      const instances = await plugin.listResourceInstances(ctx, resourceTypeSlug);
      return ListResourceInstancesResponse.create({ success: true, instances: instances.map(instanceToWire) });
    },
    otherwise: () => ListResourceInstancesResponse.create({ success: false, errorMessage: NO_RESOURCES }),
    failed: (errorMessage) => ListResourceInstancesResponse.create({ success: false, errorMessage }),
  }),
  unary<'getResourceInstance', ResourceProvider>('getResourceInstance', {
    method: 'getResourceInstance',
    answer: async (plugin, ctx, { resourceTypeSlug, instanceId }) => {
      const instance = await plugin.getResourceInstance(ctx, resourceTypeSlug, instanceId);
      if (!instance) return GetResourceInstanceResponse.create({ success: false, errorMessage: 'There is no such resource instance.' });
      return GetResourceInstanceResponse.create({ success: true, instance: instanceToWire(instance) });
    },
    otherwise: () => GetResourceInstanceResponse.create({ success: false, errorMessage: NO_RESOURCES }),
    failed: (errorMessage) => GetResourceInstanceResponse.create({ success: false, errorMessage }),
  }),
  unary<'validateResourceSelection', Required<ResourceProvider>>('validateResourceSelection', {
    method: 'validateResourceSelection',
    answer: async (plugin, ctx, { resourceTypeSlug, instanceIds, appId }) => {
      await plugin.validateResourceSelection(ctx, { resourceType: resourceTypeSlug, instanceIds, appId });
      return ValidateResourceSelectionResponse.create({ valid: true });
    },
    otherwise: () => ValidateResourceSelectionResponse.create({ valid: true }),
    failed: (errorMessage) => ValidateResourceSelectionResponse.create({ valid: false, errorMessage }),
  }),
  unary<'createResourceInstance', Required<ResourceProvider>>('createResourceInstance', {
    method: 'createResourceInstance',
    answer: async (plugin, ctx, { resourceTypeSlug, payload }) => {
      const instance = await plugin.createResourceInstance(ctx, resourceTypeSlug, payload);
      return CreateResourceInstanceResponse.create({ success: true, instance: instanceToWire(instance) });
    },
    otherwise: () => CreateResourceInstanceResponse.create({ success: false, errorMessage: NO_RESOURCES }),
    failed: (errorMessage) => CreateResourceInstanceResponse.create({ success: false, errorMessage }),
  }),
];

const NO_RESOURCES = 'This plugin provides no such resources.';

function instanceToWire({ metadata, isActive, ...instance }: ResourceInstance): ResourceInstanceProto {
  return ResourceInstanceProto.create({
    ...instance,
    isActive: isActive ?? true,
    metadata: metadata === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(metadata)),
  });
}
