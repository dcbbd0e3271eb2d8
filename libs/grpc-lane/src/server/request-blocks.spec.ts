import { encodeHeaders } from '../hpack/hpack-encoder';
import { ErrorCode } from '../http2/error-code';
import { RequestBlocks } from './request-blocks';

const HEADERS = { ':method': 'POST', ':scheme': 'http', ':path': '/a.B/C', 'content-type': 'application/grpc', 'grpc-timeout': '2S' };
const block = (changes: Record<string, string | undefined> = {}) =>
  encodeHeaders(Object.entries({ ...HEADERS, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])));
const read = (bytes: Buffer, blocks = new RequestBlocks()) => blocks.read(bytes, 0, bytes.length);

it('reads a request, and knows it when it comes again', () => {
  const blocks = new RequestBlocks();
  const first = read(block(), blocks);
  expect(first).toEqual({ path: '/a.B/C', timeoutMs: 2_000, refusal: undefined });
  expect(read(block(), blocks)).toBe(first);
});

it.each([
  ['another method', { ':method': 'GET' }, { refusal: 400 }],
  ['a path that is none', { ':path': '*' }, { refusal: 400 }],
  ['another type', { 'content-type': 'application/json' }, { refusal: 415 }],
  ['no type', { 'content-type': undefined }, { refusal: 415 }],
  ['no deadline', { 'grpc-timeout': undefined }, { timeoutMs: undefined, refusal: undefined }],
  ['a deadline that is none', { 'grpc-timeout': 'soon' }, { timeoutMs: NaN, refusal: undefined }],
])('reads %s', (_name, changes, expected) => {
  expect(read(block(changes))).toMatchObject(expected);
});

it('tells what ends a stream from what ends the connection', () => {
  expect(() => read(block({ ':path': undefined }))).toThrow(expect.objectContaining({ name: 'StreamError', code: ErrorCode.PROTOCOL_ERROR }));
  expect(() => read(Buffer.from('80', 'hex'))).toThrow(expect.objectContaining({ name: 'ConnectionError', code: ErrorCode.COMPRESSION_ERROR }));
});

it('follows a client that remembers fields, and one that remembers none', () => {
  const blocks = new RequestBlocks();
  const plain = block();
  read(plain, blocks);
  const remembering = Buffer.concat([plain, Buffer.from('4001610162', 'hex')]);
  expect(read(remembering, blocks)).toMatchObject({ path: '/a.B/C' });
  expect(read(Buffer.concat([plain, Buffer.from('be', 'hex')]), blocks)).toMatchObject({ path: '/a.B/C' });
  expect(read(plain, blocks)).toMatchObject({ path: '/a.B/C' });
});

it('remembers a bounded number of blocks', () => {
  const blocks = new RequestBlocks();
  for (let number = 0; number < 1_000; number++) read(block({ ':path': `/a.B/${number}` }), blocks);
  expect(read(block({ ':path': '/a.B/999' }), blocks)).not.toBe(read(block({ ':path': '/a.B/999' }), blocks));
});
