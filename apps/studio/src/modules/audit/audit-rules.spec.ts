import { changedMembers } from './changes';
import { redact } from './redact';
import { inSnakeCase } from './snake-case';

describe('redact', () => {
  it('keeps values of members that are named like a secret out of the audit trail, at any depth', () => {
    const changes = { name: 'x', password: 'p', nested: { api_key: 'k', list: [{ client_secret: 's', ok: 1 }] }, access_token: 't', hash: 'h' };
    expect(redact(changes)).toEqual({
      name: 'x',
      password: '[redacted]',
      nested: { api_key: '[redacted]', list: [{ client_secret: '[redacted]', ok: 1 }] },
      access_token: '[redacted]',
      hash: '[redacted]',
    });
  });

  it('leaves what only sounds like one', () => {
    const changes = { token_id: 7, tokens: 3, scopes: ['apps.read'], expires_at: new Date(0) };
    expect(redact(changes)).toEqual({ ...changes, expires_at: '1970-01-01T00:00:00.000Z' });
  });
});

describe('changedMembers', () => {
  it('is what differs, whatever the order of members', () => {
    const before = { name: 'a', metadata: { x: '1', y: '2' }, tags: ['a', 'b'], limit: null as number | null };
    expect(changedMembers(before, { name: 'a', metadata: { y: '2', x: '1' }, tags: ['b', 'a'], limit: 0 })).toEqual({ tags: ['b', 'a'], limit: 0 });
  });

  it('takes what is undefined as not mentioned, and null as a value', () => {
    expect(changedMembers({ name: 'a', limit: 5 as number | null }, { name: undefined, limit: null })).toEqual({ limit: null });
  });
});

describe('inSnakeCase', () => {
  it('renames members and not what is inside them', () => {
    expect(inSnakeCase({ isActive: true, monthly_budget: 1, metadata: { keepThis: 'x' } })).toEqual({ is_active: true, monthly_budget: 1, metadata: { keepThis: 'x' } });
  });
});
