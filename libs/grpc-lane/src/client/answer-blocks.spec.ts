import { encodeHeaders } from '../hpack/hpack-encoder';
import { ErrorCode } from '../http2/error-code';
import { AnswerBlocks } from './answer-blocks';

const START = encodeHeaders([{ name: ':status', value: '200' }, { name: 'content-type', value: 'application/grpc' }]);
const OK = encodeHeaders([{ name: 'grpc-status', value: '0' }]);
const ONLY = Buffer.concat([START, OK]);
/** `:status: 200` is static; the other is put into the table as entry 62. */
const REMEMBERED = Buffer.concat([Buffer.from('88', 'hex'), Buffer.from('5f', 'hex'), Buffer.from([16]), Buffer.from('application/grpc')]);

const whole = (bytes: Buffer) => [bytes, 0, bytes.length] as const;

it('reads the same blocks in the same way, however often they come', () => {
  const blocks = new AnswerBlocks();
  for (let round = 0; round < 3; round++) {
    expect(blocks.readStart(...whole(START))).toEqual({ kind: 'response' });
    expect(blocks.readTrailers(...whole(OK), false)).toBeUndefined();
    expect(blocks.readTrailers(...whole(ONLY), true)).toBeUndefined();
  }
});

it('follows a peer that remembers fields', () => {
  const blocks = new AnswerBlocks();
  expect(blocks.readStart(...whole(START))).toEqual({ kind: 'response' });
  expect(blocks.readStart(...whole(REMEMBERED))).toEqual({ kind: 'response' });
  expect(blocks.readStart(...whole(Buffer.from('88be', 'hex')))).toEqual({ kind: 'response' });
  expect(blocks.readStart(...whole(START))).toEqual({ kind: 'response' });
});

it('tells what ends a stream from what ends the connection', () => {
  const blocks = new AnswerBlocks();
  expect(() => blocks.readTrailers(...whole(ONLY), false)).toThrow(expect.objectContaining({ name: 'StreamError', code: ErrorCode.PROTOCOL_ERROR }));
  expect(() => blocks.readStart(...whole(OK))).toThrow(expect.objectContaining({ name: 'StreamError' }));
  expect(() => blocks.passOver(...whole(Buffer.from('be', 'hex')))).toThrow(expect.objectContaining({ name: 'ConnectionError', code: ErrorCode.COMPRESSION_ERROR }));
});

it('does not take the end of one answer for the only block of another', () => {
  const blocks = new AnswerBlocks();
  expect(blocks.readTrailers(...whole(ONLY), true)).toBeUndefined();
  expect(() => blocks.readTrailers(...whole(ONLY), false)).toThrow('may not be here');
});
