import { EventQueue } from './event-queue';

const event = (id: number, bytes = 0) => ({ id: String(id), topic: 't', origin: 'plugin:1', direction: 0, payload: Buffer.alloc(bytes) });

describe('EventQueue', () => {
  it('gives events in their order', () => {
    const queue = new EventQueue();
    queue.push(event(1));
    queue.push(event(2));
    expect([queue.shift()?.id, queue.shift()?.id, queue.shift()]).toEqual(['1', '2', undefined]);
  });

  it('drops the oldest of too many and counts them', () => {
    const queue = new EventQueue();
    const dropped = Array.from({ length: 1_005 }, (_, id) => queue.push(event(id)));
    expect(dropped.slice(-6)).toEqual([0, 1, 1, 1, 1, 1]);
    expect(queue.shift()?.id).toBe('5');
    expect([queue.takeLost(), queue.takeLost()]).toEqual([5, 0]);
  });

  it('drops the oldest when the payloads are too large together', () => {
    const queue = new EventQueue();
    for (let id = 0; id < 20; id += 1) queue.push(event(id, 1024 * 1024));
    expect(queue.shift()?.id).toBe('4');
  });
});
