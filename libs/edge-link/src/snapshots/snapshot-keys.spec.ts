import { namespaceSegment, snapshotKeys } from './snapshot-keys';

describe('snapshotKeys', () => {
  it('never changes: studios and gateways of different versions share them', () => {
    const { pointer, history, checkpoints, channel, delta, index, chunk, body } = snapshotKeys('eu');
    expect([pointer, history, checkpoints, channel, delta('epoch-1', 41), delta('epoch-1', null), index('epoch-1', 42), chunk('0a'), body('epoch-1', 42)]).toEqual([
      'sluice:snapshot:{eu}:pointer',
      'sluice:snapshot:{eu}:history',
      'sluice:snapshot:{eu}:checkpoints',
      'sluice:snapshot:{eu}:announcements',
      'sluice:snapshot:{eu}:delta:epoch-1:41',
      'sluice:snapshot:{eu}:delta:epoch-1:none',
      'sluice:snapshot:{eu}:index:epoch-1.42',
      'sluice:snapshot:{eu}:chunk:0a',
      'sluice:snapshot:{eu}:body:epoch-1.42',
    ]);
  });

  it('calls the namespace without a name default', () => {
    expect(snapshotKeys('').pointer).toBe('sluice:snapshot:{default}:pointer');
  });

  it('lets no namespace reach into the keys of another', () => {
    expect(snapshotKeys('a}:body:x').pointer).toBe('sluice:snapshot:{a%7D%3Abody%3Ax}:pointer');
    expect(namespaceSegment('../a b')).toBe('..%2Fa%20b');
  });
});
