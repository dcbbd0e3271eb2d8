import type { StudioApi } from '../../stack/studio-api';
import type { Fault } from '../fault';

const APPS = 50;
/** 100 members of 4,000 characters are the most that an app may have: 400 KB, so that all of them are 20 MB. */
const METADATA = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`member-${index}`, 'x'.repeat(4_000)]));
const AT_ONCE = 5;
const PREPARED_MS = 60_000;

/** One change that is 20 MB large, a revocation behind it, and a gateway that has to fetch all of it. */
const largeSnapshot: Fault = {
  name: 'a 20 MB snapshot',
  seeds: 1,
  async run(run) {
    const { api } = run;
    const owner = await api.call<{ id: number }>('POST', '/api/v1/users', { email: 'large-0@example.com', password: 'correct horse battery' });
    const apps = await makeApps(api, owner.id);
    // 50 changes of 400 KB, which are only what the fault needs.
    await run.reaches(await run.change(), run.stack.gateways, PREPARED_MS);
    // It stands in the record of every app.
    await api.call('PATCH', `/api/v1/users/${owner.id}`, { email: 'large-1@example.com' });
    await run.revoke();
    await run.refuses();
    await run.reaches(await run.change());
    const gateway = run.anyGateway();
    await run.restart(gateway, undefined, () => gateway.forgetSnapshots());
    await run.reaches(run.facts.newest);
    await inTurns(apps, (id) => api.call('DELETE', `/api/v1/apps/${id}`));
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
