import { toVersion, type RecordVersion } from '../storage/record-version';
import { recordChanges } from './record-changes';

const token = (id: number, scopes: string[] = []): RecordVersion =>
  toVersion({ record: { kind: 'token', id: String(id), data: { id, app_id: 1, hash: 'a'.repeat(64), scopes, expires_at: null } }, refersTo: { kind: 'app', id: 1 } });

const open = (...versions: RecordVersion[]): Map<string, Buffer> => new Map(versions.map(({ kind, id, hash }) => [`${kind} ${id}`, hash]));

describe('recordChanges', () => {
  it('opens what is new, and does not touch what stays', () => {
    expect(recordChanges([token(1), token(2)], open(token(1)))).toEqual({ opened: [token(2)], closed: [], deleted: [] });
  });

  it('closes the version that another one follows, without deleting the record', () => {
    const changes = recordChanges([token(1, ['read'])], open(token(1)));
    expect(changes).toEqual({ opened: [token(1, ['read'])], closed: [{ kind: 'token', id: '1', hash: token(1).hash }], deleted: [] });
  });

  it('closes and deletes what is gone', () => {
    expect(recordChanges([], open(token(1)))).toEqual({ opened: [], closed: [{ kind: 'token', id: '1', hash: token(1).hash }], deleted: [{ kind: 'token', id: '1' }] });
  });

  it('keeps what a version refers to', () => {
    expect(token(1).refersTo).toBe('app 1');
  });
});
