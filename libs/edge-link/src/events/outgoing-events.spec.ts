import { type OutgoingEvent, OutgoingEvents } from './outgoing-events';

const outgoing = (id: number, bytes = 0): OutgoingEvent => ({ namespace: '', event: { id: String(id), topic: 't', origin: 'o', direction: 1, payload: Buffer.alloc(bytes) } });

function filled(count: number, bytes = 0) {
  const lost: number[] = [];
  const events = new OutgoingEvents((number) => lost.push(number));
  for (let id = 0; id < count; id += 1) events.push(outgoing(id, bytes));
  const ids = (number: number) => events.take(number).map(({ event }) => event.id);
  return { events, lost, ids };
}

describe('OutgoingEvents', () => {
  it('gives the oldest first', () => {
    const { events, ids } = filled(3);
    expect([ids(2), ids(2), ids(2)]).toEqual([['0', '1'], ['2'], []]);
    expect(events.size).toBe(0);
  });

  it('loses the oldest of too many, and counts them', () => {
    const { lost, ids } = filled(1_003);
    expect(lost).toEqual([1, 1, 1]);
    expect(ids(1)).toEqual(['3']);
  });

  it('loses the oldest when the payloads are too large together', () => {
    const { events, lost, ids } = filled(20, 1024 * 1024);
    expect([events.size, lost.length]).toEqual([16, 4]);
    expect(ids(1)).toEqual(['4']);
  });

  it('takes back what could not be sent, in front of what came since', () => {
    const { events, lost, ids } = filled(1_000);
    const taken = events.take(3);
    events.push(outgoing(1_000));
    events.putBack(taken);
    expect(lost).toEqual([1]);
    expect(ids(3)).toEqual(['1', '2', '3']);
  });
});
