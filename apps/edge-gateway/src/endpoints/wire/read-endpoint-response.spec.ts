import { EndpointResponse } from '@sluice/contracts/plugin';
import { readEndpointResponse } from './read-endpoint-response';

/** What a decoder makes of bytes: a message, as text, or that they are none. */
function outcome(decode: (bytes: Buffer) => EndpointResponse, bytes: Buffer): string {
  try {
    const { body, ...rest } = decode(bytes);
    return JSON.stringify({ ...rest, body: body.toString('latin1') });
  } catch {
    return 'refused';
  }
}

/** The same numbers each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const next = numbers(7);
const below = (limit: number): number => Math.floor(next() * limit);
const ALPHABET = ['a', 'B', '-', ' ', 'é', '水', '🜄', '\n', '\u0000'];
const text = (most: number): string => Array.from({ length: below(most) }, () => ALPHABET[below(ALPHABET.length)]).join('');

function anyResponse(): EndpointResponse {
  const headers = Object.fromEntries(Array.from({ length: below(4) }, () => [text(20), text(next() < 0.1 ? 400 : 30)]));
  const body = Buffer.from(Array.from({ length: below(next() < 0.02 ? 40_000 : 20) }, () => below(256)));
  return { statusCode: [0, 200, 404, -1, 2_147_483_647][below(5)]!, headers, body, errorMessage: text(10) };
}

const same = (bytes: Buffer): void => expect(outcome(readEndpointResponse, bytes)).toBe(outcome((all) => EndpointResponse.decode(all), bytes));

describe('readEndpointResponse', () => {
  it('reads what the generated encoder writes as the generated decoder does', () => {
    for (let i = 0; i < 500; i++) same(Buffer.from(EndpointResponse.encode(anyResponse()).finish()));
  });

  it('agrees with the generated decoder on bytes that were changed, cut off or repeated', () => {
    for (let i = 0; i < 500; i++) {
      const bytes = Buffer.from(EndpointResponse.encode(anyResponse()).finish());
      if (bytes.length === 0) continue;
      const changed = Buffer.from(bytes);
      changed[below(Math.min(bytes.length, 60))] = below(256);
      same(changed);
      same(bytes.subarray(0, below(bytes.length)));
      same(Buffer.concat([bytes, changed]));
    }
  });

  it.each([
    ['an entry whose value comes first', '12060a016112017a', '120612017a0a0161'],
    ['an entry without a key', '', '120312017a'],
    ['an entry without a value', '', '12030a0161'],
    ['an empty entry', '', '1200'],
    ['a number of more bytes than it needs', '', '08c8818000'],
    ['a field that nobody knows', '', '08c8012a0161'],
    ['a text that is no UTF-8', '', '2202c328'],
    ['an end of group', '', '0c'],
    ['nothing', '', ''],
  ])('agrees on %s', (_what, ...samples) => {
    for (const sample of samples) same(Buffer.from(sample, 'hex'));
  });

  it('copies no body', () => {
    const bytes = Buffer.from(EndpointResponse.encode(EndpointResponse.fromPartial({ body: Buffer.from('OK') })).finish());
    expect(readEndpointResponse(bytes).body.buffer).toBe(bytes.buffer);
  });
});
