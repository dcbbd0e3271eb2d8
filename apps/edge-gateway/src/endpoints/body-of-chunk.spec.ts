import { EndpointResponseChunk, EndpointResponseChunk_ChunkType as ChunkType } from '@sluice/contracts/plugin';
import { bodyOfChunk } from './body-of-chunk';

const encode = (chunk: Partial<EndpointResponseChunk>) => EndpointResponseChunk.encode(EndpointResponseChunk.fromPartial(chunk)).finish();

describe('bodyOfChunk', () => {
  it.each([1, 127, 128, 16_383, 16_384, 262_144, 2_097_151, 2_097_152])('finds %d bytes where the generated decoder finds them', (size) => {
    const bytes = encode({ type: ChunkType.BODY, data: Buffer.alloc(size, 'abc') });
    const body = bodyOfChunk(bytes);
    expect(body?.equals(EndpointResponseChunk.decode(bytes).data)).toBe(true);
  });

  it('does not copy', () => {
    const whole = Buffer.concat([Buffer.from('before'), encode({ type: ChunkType.BODY, data: Buffer.from('abc') })]);
    const body = bodyOfChunk(whole.subarray(6))!;
    expect(body.toString()).toBe('abc');
    whole.write('x', whole.length - 1);
    expect(body.toString()).toBe('abx');
  });

  it.each([
    ['HEADERS', encode({ type: ChunkType.HEADERS, statusCode: 200, data: Buffer.from('abc') })],
    ['BODY without data', encode({ type: ChunkType.BODY })],
    ['BODY with something else', encode({ type: ChunkType.BODY, data: Buffer.from('abc'), errorMessage: 'no' })],
    ['data that is cut off', encode({ type: ChunkType.BODY, data: Buffer.from('abc') }).subarray(0, 6)],
    ['a length without an end', Uint8Array.of(8, ChunkType.BODY, 0x22, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)],
    ['nothing', new Uint8Array(0)],
  ])('leaves %s to the generated decoder', (_, bytes) => {
    expect(bodyOfChunk(bytes)).toBeUndefined();
  });
});
