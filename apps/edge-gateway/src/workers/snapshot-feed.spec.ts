import type { Revocation } from '@sluice/config-snapshot';
import type { SnapshotContent } from '../snapshot/content/snapshot-content';
import type { CurrentState } from '../snapshot/current-state';
import type { SnapshotStore } from '../snapshot/disk/snapshot-store';
import type { GatewayState } from '../snapshot/gateway-state';
import type { SnapshotReporter } from '../snapshot/snapshot-reporter';
import { EnforcedEverywhere } from './enforced-everywhere';
import { PIECE_BYTES } from './messages';
import { SnapshotFeed } from './snapshot-feed';

const LARGE = Buffer.alloc(PIECE_BYTES + 7, 'x');

function feed() {
  const reported: number[] = [];
  const enforcement: { content: SnapshotContent | undefined } = { content: undefined };
  const state = () => ({ revision: enforcement.content!.header.revision }) as GatewayState;
  const everywhere = new EnforcedEverywhere();
  const store = { keepBody: () => Promise.resolve() } as unknown as SnapshotStore;
  const reports = { applied: ({ revision }: GatewayState) => void reported.push(revision) } as unknown as SnapshotReporter;
  const it = new SnapshotFeed(store, { get: state } as unknown as CurrentState, enforcement, everywhere, reports);
  const changes: number[] = [];
  it.listen({ changed: ({ number }) => void changes.push(number), revoked: () => undefined });
  const take = async (revision: number, body: Buffer = LARGE, epoch = 'e') => {
    enforcement.content = { header: { epoch, revision } } as SnapshotContent;
    await it.keepBody(body);
    it.applied(state());
  };
  const revoke = (epoch: string, revision: number) => it.revoked({ epoch, revision } as Revocation, Buffer.from(`${epoch} ${revision}`));
  return { feed: it, everywhere, reported, changes, take, revoke };
}

describe('what is handed on to workers', () => {
  it('is everything for a worker that begins late, though the others have taken it and it was forgotten', async () => {
    const { feed: it, take } = feed();
    expect(it.now()).toEqual({ change: null, revocations: [] });
    await take(1);
    const first = it.now().change!;
    expect((await it.piece(first.source, 0, PIECE_BYTES)).bytes).toHaveLength(7);
    it.forgetUpTo(1);
    await expect(it.piece(first.source, 0, 0)).rejects.toThrow('superseded');
    const second = it.now().change!;
    expect([second.number, (await it.piece(second.source, 0, 0)).length]).toEqual([1, LARGE.length]);
  });

  it('is kept for those that have not taken it', async () => {
    const { feed: it, take } = feed();
    await take(1);
    await take(2);
    const { source } = it.now().change!;
    it.forgetUpTo(1);
    expect((await it.piece(source, 0, 0)).length).toBe(LARGE.length);
  });

  it('has the tokens that were taken back until a revision has them', async () => {
    const { feed: it, take, revoke } = feed();
    await take(4);
    for (const revision of [5, 6]) revoke('e', revision);
    const revocations = () => it.now().revocations.map((bytes) => Buffer.from(bytes).toString());
    expect(revocations()).toEqual(['e 5', 'e 6']);
    await take(5);
    expect(revocations()).toEqual(['e 6']);
    await take(1, LARGE, 'another epoch');
    expect(revocations()).toEqual([]);
  });

  it('is reported when every worker enforces it, the newest alone', async () => {
    const { everywhere, reported, changes, take } = feed();
    for (const revision of [7, 8, 9]) await take(revision);
    expect([changes, reported]).toEqual([[1, 2, 3], []]);
    everywhere.reached(2);
    everywhere.reached(3);
    expect(reported).toEqual([9]);
  });
});
