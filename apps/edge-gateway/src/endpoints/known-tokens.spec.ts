import { hashToken } from '@sluice/config-snapshot';
import { CurrentState } from '../snapshot/current-state';
import { appRecord, stateOf, tokenRecord } from '../testing/records';
import { KnownTokens } from './known-tokens';

const key = Buffer.from('key');
const records = (hashKey: Uint8Array, expiresAt: number | null = null) => [appRecord({ id: 4 }), tokenRecord({ id: 9, app_id: 4, hash: hashToken(hashKey, 'good'), expires_at: expiresAt })];
const state = stateOf(records(key));

let current: CurrentState;
let tokens: KnownTokens;
beforeEach(() => {
  current = new CurrentState();
  tokens = new KnownTokens(current);
});

it('finds a token, again and again', () => {
  for (let time = 0; time < 3; time++) expect(tokens.find(state, key, 'good', 0)).toMatchObject({ token: { id: 9, app: { data: { id: 4 } } }, tokenHash: hashToken(key, 'good') });
  expect(tokens.find(state, key, 'bad', 0)).toBeUndefined();
});

it.each([
  ['a state without it', stateOf([appRecord({ id: 4 })])],
  ['a state in which its app is not active', stateOf([appRecord({ id: 4, is_active: false }), tokenRecord({ id: 9, app_id: 4, hash: hashToken(key, 'good') })])],
  ['the same revision without it', state.without(new Set([hashToken(key, 'good')]))],
])('does not find one that it knew in %s', (_, next) => {
  expect(tokens.find(state, key, 'good', 0)).toBeDefined();
  expect(tokens.find(next, key, 'good', 0)).toBeUndefined();
  expect(tokens.find(state, key, 'good', 0)).toBeDefined();
});

it('does not find one that it knew under another key', () => {
  expect(tokens.find(state, key, 'good', 0)).toBeDefined();
  expect(tokens.find(state, Buffer.from('another'), 'good', 0)).toBeUndefined();
});

it('does not find one that it knew once its time is over', () => {
  const ending = stateOf(records(key, 10));
  expect(tokens.find(ending, key, 'good', 9_999)).toBeDefined();
  expect(tokens.find(ending, key, 'good', 10_000)).toBeUndefined();
});

it('finds every token, however many it was asked for', () => {
  const hashes = Array.from({ length: 5_000 }, (_, index) => tokenRecord({ id: index + 1, app_id: 4, hash: hashToken(key, `token ${index}`) }));
  const many = stateOf([appRecord({ id: 4 }), ...hashes]);
  for (let round = 0; round < 2; round++) for (let index = 0; index < 5_000; index++) expect(tokens.find(many, key, `token ${index}`, 0)?.token.id).toBe(index + 1);
});

it('lets go of a state, and of what it knew of it, when another one is in force', () => {
  const lookUp = jest.spyOn(state, 'usableToken');
  for (let time = 0; time < 2; time++) tokens.find(state, key, 'good', 0);
  expect(lookUp).toHaveBeenCalledTimes(1);
  current.swap(stateOf([]));
  tokens.find(state, key, 'good', 0);
  expect(lookUp).toHaveBeenCalledTimes(2);
  lookUp.mockRestore();
});
