import { CreateResourceInstanceRequest, GetResourceInstanceRequest, ListResourceInstancesRequest, type ResourceInstanceProto, ValidateResourceSelectionRequest } from '@sluice/contracts/plugin';
import { SERVICE_BROKER_ID } from '../../../broker/open-broker';
import { context, declares, isJson, type RequestSource, unaryRow } from './rpc-row';

const RESOURCE_MS = 15_000;
const NO_INSTANCE = 'conformance-no-such-instance';
const declared = declares('resource_provider');
const common = () => ({ context: context(), serviceBrokerId: SERVICE_BROKER_ID });
const absent = { text: 'success=false', is: ({ success }: { success: boolean }) => !success };

/** Capability `resource_provider`. */
export const resourceProvider = [
  unaryRow({
    rpc: 'getResourceTypeRegistrations',
    declared,
    deadlineMs: 5_000,
    requests: () => [{}],
    judge: ({ registrations }) => {
      if (registrations.length === 0) return 'It registers no resource type: answer at least one, or take resource_provider out of the hooks of the manifest.';
      const bad = registrations.find(({ slug }) => !/^[a-z0-9_-]+$/.test(slug));
      if (bad) return `It registers the resource type ${JSON.stringify(bad.slug)}: a slug has small letters, digits, _ and -.`;
      const slugs = registrations.map(({ slug }) => slug);
      return new Set(slugs).size < slugs.length ? 'It registers a resource type twice: each slug once.' : undefined;
    },
    absent: { text: 'no registrations', is: ({ registrations }) => registrations.length === 0 },
  }),
  unaryRow({
    rpc: 'listResourceInstances',
    declared,
    deadlineMs: RESOURCE_MS,
    requests: async (source) => (await slugs(source)).map((resourceTypeSlug) => ListResourceInstancesRequest.fromPartial({ resourceTypeSlug, ...common() })),
    judge: ({ success, instances, errorMessage }) => {
      if (!success) return errorMessage === '' ? 'It says success=false without a reason: set error_message.' : undefined;
      const ids = instances.map(({ id }) => id);
      if (new Set(ids).size < ids.length) return 'Two of its instances have the same id: ids are what apps keep.';
      return instances.map(judgeInstance).find((fault) => fault !== undefined);
    },
    absent,
  }),
  unaryRow({
    rpc: 'getResourceInstance',
    declared,
    deadlineMs: RESOURCE_MS,
    requests: async (source) => {
      const pairs = await firstInstances(source);
      return pairs.map(([resourceTypeSlug, instanceId]) => GetResourceInstanceRequest.fromPartial({ resourceTypeSlug, instanceId, ...common() }));
    },
    judge: ({ success, instance, errorMessage }, { instanceId }) => {
      if (instanceId === NO_INSTANCE) return success ? 'It finds an instance that does not exist: answer success=false.' : undefined;
      if (!success || !instance) return `It does not find the instance ${instanceId} that it lists (${JSON.stringify(errorMessage)}).`;
      return instance.id === instanceId ? judgeInstance(instance) : `Asked for the instance ${instanceId} it answers ${instance.id}: answer the one that was asked for.`;
    },
    absent,
  }),
  unaryRow({
    rpc: 'validateResourceSelection',
    declared,
    deadlineMs: RESOURCE_MS,
    requests: async (source) => (await firstInstances(source)).map(([resourceTypeSlug, id]) => ValidateResourceSelectionRequest.fromPartial({ resourceTypeSlug, instanceIds: [id], appId: 1, ...common() })),
    judge: ({ valid, errorMessage }) => (!valid && errorMessage === '' ? 'It refuses a selection without a reason: set error_message, people see it.' : undefined),
    absent: { text: 'valid=true', is: ({ valid }) => valid },
  }),
  unaryRow({
    rpc: 'createResourceInstance',
    declared: (manifest) => declared(manifest) && manifest.resource_types.some((type) => type.supports_submissions),
    deadlineMs: RESOURCE_MS,
    // Nothing is made up that a plugin might keep: a payload that is no JSON has to be refused.
    requests: async (source) => (await slugs(source)).map((resourceTypeSlug) => CreateResourceInstanceRequest.fromPartial({ resourceTypeSlug, payload: Buffer.from('{not json'), ...common() })),
    judge: ({ success, errorMessage }) => {
      if (success) return 'It creates an instance of a payload that is no JSON: check the payload and answer success=false.';
      return errorMessage === '' ? 'It refuses a submission without a reason: set error_message, people see it.' : undefined;
    },
    absent,
  }),
];

function judgeInstance({ id, name, privacyScore, metadata }: ResourceInstanceProto): string | undefined {
  if (id === '' || name === '') return 'One of its instances has no id or no name: people choose it by them.';
  if (privacyScore < 0 || privacyScore > 100) return `Its instance ${id} has the privacy score ${privacyScore}: use 0…100.`;
  return metadata.length > 0 && !isJson(metadata.toString('utf8')) ? `The metadata of its instance ${id} is no JSON.` : undefined;
}

async function slugs({ plugin, deadlineMs }: RequestSource): Promise<string[]> {
  const answered = await plugin.ask('getResourceTypeRegistrations', {}, deadlineMs);
  return answered.kind === 'answer' ? answered.answer.registrations.map(({ slug }) => slug) : [];
}

/** The first instance of each type, and one that does not exist. */
async function firstInstances(source: RequestSource): Promise<[string, string][]> {
  const pairs: [string, string][] = [];
  for (const slug of await slugs(source)) {
    const listed = await source.plugin.ask('listResourceInstances', ListResourceInstancesRequest.fromPartial({ resourceTypeSlug: slug, ...common() }), source.deadlineMs);
    const first = listed.kind === 'answer' ? listed.answer.instances[0] : undefined;
    if (first) pairs.push([slug, first.id]);
    pairs.push([slug, NO_INSTANCE]);
  }
  return pairs;
}
