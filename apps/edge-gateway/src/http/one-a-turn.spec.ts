import { setImmediate as nextTurn } from 'node:timers/promises';
import { OneATurn } from './one-a-turn';

it('lets the event loop turn between one and the next', async () => {
  const seen: string[] = [];
  const turns = new OneATurn<string>((name) => seen.push(name));
  for (const name of ['a', 'b', 'c']) turns.add(name);
  for (let turn = 1; turn <= 3; turn++) {
    seen.push(`turn ${turn}`);
    await nextTurn();
  }
  expect(seen).toEqual(['a', 'turn 1', 'b', 'turn 2', 'c', 'turn 3']);
});

it('does what is added meanwhile once, and what is added afterwards', async () => {
  const seen: string[] = [];
  const turns = new OneATurn<string>((name) => seen.push(name));
  for (const name of ['a', 'b', 'b']) turns.add(name);
  for (let turn = 0; turn < 4; turn++) await nextTurn();
  expect(seen).toEqual(['a', 'b']);
  turns.add('b');
  expect(seen).toEqual(['a', 'b', 'b']);
});
