import { encodeAnnouncement } from './announcement';
import { readAnnouncement } from './read-announcement';

const announcement = { epoch: 'e', revision: 7, root: 'r', parent: 6 };

describe('readAnnouncement', () => {
  it('gives back what was announced, with the delta when it travels with it', () => {
    const delta = Buffer.from('{"signed":1}');
    expect(readAnnouncement(encodeAnnouncement(announcement, delta))).toEqual({ kind: 'revision', announcement, delta });
    expect(readAnnouncement(encodeAnnouncement(announcement, Buffer.alloc(70_000)))).toEqual({ kind: 'revision', announcement, delta: undefined });
  });

  it('reads an announcement of format 1', () => {
    expect(readAnnouncement(Buffer.from('{"epoch":"e","revision":7,"root":"r","key":"k"}'))).toEqual({ kind: 'revision', announcement: { ...announcement, parent: null }, delta: undefined });
  });

  it('knows a revocation', () => {
    const bytes = Buffer.from('{"key_id":"0","revocation":{},"signature":""}');
    expect(readAnnouncement(bytes)).toEqual({ kind: 'revocation', bytes });
  });

  it.each(['', '{}', 'null', '7', '\n\n', '{"epoch":"e","revision":-1,"root":"r"}', '{"epoch":"e","revision":1.5,"root":"r"}', 'x'.repeat(5_000), '\u0000'])('takes %j for rubbish', (text) => {
    expect(readAnnouncement(Buffer.from(text))).toEqual({ kind: 'rubbish' });
  });
});
