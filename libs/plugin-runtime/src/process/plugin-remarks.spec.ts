import { PluginRemarks } from './plugin-remarks';

const MEBIBYTE = 1024 * 1024;

describe('PluginRemarks', () => {
  it('has nothing to say about a plugin that behaves', () => {
    const remarks = new PluginRemarks();
    remarks.received(15 * MEBIBYTE);
    expect(remarks.list()).toEqual([]);
  });

  it('says what was thrown away, what was large and what had no end', () => {
    const remarks = new PluginRemarks();
    remarks.flooded(1_500_000);
    remarks.received(64 * MEBIBYTE + 10);
    remarks.streamTimedOut();
    expect(remarks.list()).toEqual([
      'It writes more than its host reads: 1.4 MiB of its output were thrown away.',
      'It answered once with a message of more than 16 MiB; the largest had 64.0 MiB.',
      'One of its streams did not end within the time that streams have, and had to be ended.',
    ]);
    remarks.received(20 * MEBIBYTE);
    remarks.streamTimedOut();
    expect(remarks.list().slice(1)).toEqual([
      'It answered 2 times with a message of more than 16 MiB; the largest had 64.0 MiB.',
      '2 of its streams did not end within the time that streams have, and had to be ended.',
    ]);
  });

  it('names the limits that it came to', () => {
    const remarks = new PluginRemarks();
    remarks.refusedProcesses(1, 25);
    expect(remarks.list()).toEqual(['It was refused another process once: it may have 25.']);
    remarks.refusedProcesses(4, 25);
    remarks.heldBack(0.5);
    remarks.refusedMessage(64 * MEBIBYTE, 16 * MEBIBYTE);
    remarks.refusedMessage(32 * MEBIBYTE, 16 * MEBIBYTE);
    remarks.slowed(64 * MEBIBYTE);
    expect(remarks.list()).toEqual([
      'It was refused 2 times with a message of more than the 16 MiB that one may have; the largest had 64 MiB.',
      'Its streams were slowed down for a while: they wanted to move more than the 64 MiB a second that they may.',
      'It was refused another process 5 times: it may have 25.',
      'It was held back for a while: it wanted more than the 0.5 processor cores that it may use.',
    ]);
  });
});
