import { Random } from '../testing/random';
import { DeadlineList, type Timed } from './deadline-list';

let list: DeadlineList;
let ended: number[];

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  list = new DeadlineList();
  ended = [];
});

afterEach(() => {
  list.clear();
  jest.useRealTimers();
});

function entry(inMs: number): Timed {
  const made = { deadlineMs: performance.now() + inMs, place: -1, onDeadline: () => ended.push(inMs) };
  list.add(made);
  return made;
}

it('ends each at its time, never before, in their order', () => {
  for (const inMs of [500, 20, 100, 100, 3]) entry(inMs);
  jest.advanceTimersByTime(99);
  expect(ended).toEqual([3, 20]);
  jest.advanceTimersByTime(1_000);
  expect(ended).toEqual([3, 20, 100, 100, 500]);
  expect(list.size).toBe(0);
});

it('forgets what is deleted, whenever and however often', () => {
  const entries = [30, 10, 20, 40].map(entry);
  for (const gone of [entries[1]!, entries[3]!, entries[1]!]) list.delete(gone);
  jest.advanceTimersByTime(1_000);
  expect(ended).toEqual([20, 30]);
  list.delete(entries[0]!);
  expect(list.size).toBe(0);
});

it('keeps the order of any entries that come and go', () => {
  const random = new Random(1);
  const open = new Map<Timed, number>();
  for (let step = 0; step < 3_000; step++) {
    if (random.oneIn(3) && open.size > 0) {
      const gone = [...open.keys()][random.below(open.size)]!;
      list.delete(gone);
      open.delete(gone);
    } else {
      const inMs = 1 + random.below(10_000);
      open.set(entry(inMs), inMs);
    }
  }
  jest.advanceTimersByTime(20_000);
  expect(ended).toEqual([...open.values()].sort((a, b) => a - b));
});

it('waits longer than one timer can', () => {
  entry(3e9);
  jest.advanceTimersByTime(2.9e9);
  expect(ended).toEqual([]);
  jest.advanceTimersByTime(0.2e9);
  expect(ended).toEqual([3e9]);
});

it('adds and ends while it ends others', () => {
  const late = entry(50);
  list.add({ deadlineMs: performance.now() + 10, place: -1, onDeadline: () => (list.delete(late), entry(5)) });
  jest.advanceTimersByTime(100);
  expect(ended).toEqual([5]);
});
