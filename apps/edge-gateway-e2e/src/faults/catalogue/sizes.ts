import type { StudioApi } from '../../stack/studio-api';
import type { Fault } from '../fault';
import type { FaultStack } from '../stack/fault-stack';

const APPS = 50;
/** 100 members of 4,000 characters are the most that an app may have: 400 KB, so that all of them are 20 MB. */
const METADATA = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`member-${index}`, 'x'.repeat(4_000)]));
const AT_ONCE = 5;
/** The owner of all of them. */
const owners = new WeakMap<FaultStack, number>();

/** One change that is 20 MB large, a revocation behind it, and a gateway that has to fetch all of it. */
const largeSnapshot: Fault = {
  name: 'a 20 MB snapshot',
  async around(stack, work) {
    const { api } = stack;
    const { id } = await api.call<{ id: number }>('POST', '/api/v1/users', { email: 'large@example.com', password: 'correct horse battery' });
    owners.set(stack, id);
    const apps = await makeApps(api, id);
    await work();
    await inTurns(apps, (app) => api.call('DELETE', `/api/v1/apps/${app}`));
  },
  async run(run) {
    // It stands in the record of every app.
    await run.api.call('PATCH', `/api/v1/users/${owners.get(run.stack)}`, { email: `large-${run.facts.newest}@example.com` });
    await run.revoke();
    await run.refuses();
    await run.reaches(await run.change());
    const gateway = run.anyGateway();
    await run.restart(gateway, undefined, () => gateway.forgetSnapshots());
    await run.reaches(run.facts.newest);
  },
};

async function makeApps(api: StudioApi, ownerId: number): Promise<number[]> {
  const ids: number[] = [];
  await inTurns(Array.from({ length: APPS }, (_, index) => index), async (index) => {
    ids.push((await api.call<{ id: number }>('POST', '/api/v1/apps', { name: `large ${index}`, owner_id: ownerId, metadata: METADATA })).id);
  });
  return ids;
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export const sizes: readonly Fault[] = [largeSnapshot];
