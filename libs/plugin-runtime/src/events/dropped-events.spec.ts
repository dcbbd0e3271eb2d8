import { DroppedEvents } from './dropped-events';

describe('DroppedEvents', () => {
  it('speaks of them every ten seconds at most, and leaves none out', () => {
    const lost: number[] = [];
    let now = 0;
    const dropped = new DroppedEvents({ pluginId: 1, pluginName: 'slow' }, { warn: (fields: object) => void lost.push((fields as { lost: number }).lost) }, () => now);
    dropped.add('echo.*', 1);
    for (let count = 0; count < 100; count += 1) dropped.add('echo.*', 1);
    now = 10_000;
    dropped.add('echo.*', 5);
    expect(lost).toEqual([1, 105]);
  });
});
