import { HpackDecoder } from '../hpack/hpack-decoder';
import { encodeHeaders } from '../hpack/hpack-encoder';
import { Flag, frame, FrameType } from './frame';
import { withoutTable } from './without-table';

it('says that there is no table, and then the same', () => {
  const fields = [{ name: ':status', value: '200' }];
  const made = withoutTable(frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, 7, encodeHeaders(fields)));
  expect(made.toString('hex')).toBe('000002010500000007' + '2088');
  expect(new HpackDecoder({ maxTableBytes: 0, maxListBytes: 100 }).decode(made, 9)).toEqual(fields);
});
