import { ObjectHookResponse } from '@sluice/contracts/plugin';
import { readHookAnswer } from './hook-answer';

const read = (answer: Partial<ObjectHookResponse>) => readHookAnswer(ObjectHookResponse.fromPartial(answer));

describe('readHookAnswer', () => {
  it('lets pass, as it is or changed', () => {
    expect(read({ allowOperation: true, message: 'fine' })).toEqual({ kind: 'allowed', object: null, message: 'fine', metadata: {} });
    expect(read({ allowOperation: true, modified: true, modifiedObjectJson: '{"a":1}', pluginMetadata: { seen: 'yes' } })).toMatchObject({ object: { a: 1 }, metadata: { seen: 'yes' } });
    expect(read({ allowOperation: true, modified: false, modifiedObjectJson: '{"a":1}' })).toMatchObject({ object: null });
  });

  it('rejects with the words of the plugin, as far as they can be shown', () => {
    expect(read({ rejectionReason: ' No\u0000! ' })).toEqual({ kind: 'rejected', reason: 'No!' });
    expect(read({ rejectionReason: 'x'.repeat(5_000) })).toEqual({ kind: 'rejected', reason: 'x'.repeat(1_000) });
    expect(read({})).toEqual({ kind: 'rejected', reason: 'It gave no reason.' });
  });

  it.each(['', '{', '[]', 'null', '"x"'])('does not take %j for a changed object', (modifiedObjectJson) => {
    expect(read({ allowOperation: true, modified: true, modifiedObjectJson })).toMatchObject({ kind: 'failed', how: 'wrong' });
  });

  it('does not take metadata without measure', () => {
    expect(read({ allowOperation: true, pluginMetadata: { big: 'x'.repeat(20_000) } })).toMatchObject({ kind: 'failed', deed: 'answered with more than 16384 bytes of metadata' });
  });
});
