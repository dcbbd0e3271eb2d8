import { PlainHistogram } from './plain-histogram';

const options = { description: 'Of a test.', boundaries: [1, 10] };

it('counts each value in the first bucket whose boundary it does not exceed', () => {
  const series = PlainHistogram.named('test', 'sluice_buckets', options).series({ plugin: 'a' });
  for (const value of [0, 1, 1.5, 10, 11]) series.record(value);
  expect(series).toMatchObject({ counts: [2, 2, 1], count: 5, sum: 23.5 });
});

it('is one histogram and one series for whoever asks with the same name and attributes', () => {
  const first = PlainHistogram.named('test', 'sluice_same', options);
  expect(PlainHistogram.named('test', 'sluice_same', options)).toBe(first);
  expect(first.series({ plugin: 'a' })).toBe(first.series({ plugin: 'a' }));
  expect(first.series({ plugin: 'b' })).not.toBe(first.series({ plugin: 'a' }));
  expect(first.all).toHaveLength(2);
});
