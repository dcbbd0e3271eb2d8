import { CrashCard } from '@sluice/contracts/edge';
import { CrashOutbox } from './crash-outbox';

const card = (id: string, pluginId = 1) => CrashCard.fromPartial({ id, pluginId });
const ids = (cards: readonly CrashCard[]) => cards.map(({ id }) => id);

describe('CrashOutbox', () => {
  it('keeps what was not confirmed, also what came while a batch was on its way', () => {
    const outbox = new CrashOutbox();
    expect(outbox.due).toBe(false);
    outbox.add(card('a'));
    const batch = outbox.batch();
    outbox.add(card('b'));
    expect(ids(outbox.batch())).toEqual(['a', 'b']);
    outbox.confirm(batch);
    expect(ids(outbox.batch())).toEqual(['b']);
    expect(outbox.due).toBe(true);
  });

  it('keeps the newest 20 of each plugin, so that one that crashes for days does not push others out', () => {
    const outbox = new CrashOutbox();
    outbox.add(card('quiet', 2));
    for (let n = 0; n < 1_000; n++) outbox.add(card(`loud ${n}`));
    const sent: CrashCard[] = [];
    while (outbox.due) {
      sent.push(...outbox.batch());
      outbox.confirm(outbox.batch());
    }
    expect(ids(sent)).toEqual(['quiet', ...Array.from({ length: 20 }, (_, n) => `loud ${n + 980}`)]);
  });

  it('tells its shelf of what comes and goes, and begins with what lies there', () => {
    const lying = [card('old')];
    const shelf = { reports: lying, keep: (kept: CrashCard) => void lying.push(kept), forget: (cards: readonly CrashCard[]) => cards.forEach((gone) => lying.splice(lying.indexOf(gone), 1)) };
    const outbox = new CrashOutbox(shelf);
    expect(ids(outbox.batch())).toEqual(['old']);
    for (let n = 0; n < 21; n++) outbox.add(card(`${n}`));
    expect(ids(lying)).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 1}`));
    outbox.confirm(outbox.batch());
    expect(lying).toEqual([]);
  });
});
