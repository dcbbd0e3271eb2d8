import { EndpointResponse } from '@sluice/contracts/plugin';
import { serializeEndpointResponse } from './hot-service';

const response = (fields: Partial<EndpointResponse>): EndpointResponse => ({ statusCode: 0, headers: {}, body: Buffer.alloc(0), errorMessage: '', ...fields });
const generated = (message: EndpointResponse): Buffer => Buffer.from(EndpointResponse.encode(message).finish());

it.each([0, 1, 30, 127, 128, 5_000, 16_384, 16_385, 100_000])('writes what the generated encoder writes for bodies of %d bytes', (bytes) => {
  const message = response({ statusCode: 200, headers: { 'Content-Type': 'text/plain', 'X-Long': 'é'.repeat(bytes % 3_000) }, body: Buffer.alloc(bytes, 'b'), errorMessage: 'no' });
  expect(serializeEndpointResponse(message).equals(generated(message))).toBe(true);
});

it('leaves an answer as it is when another one is written', () => {
  const first = serializeEndpointResponse(response({ body: Buffer.from('first '.repeat(30)) }));
  const before = Buffer.from(first);
  serializeEndpointResponse(response({ body: Buffer.from('other '.repeat(30)) }));
  expect(first.equals(before)).toBe(true);
});

it('keeps nothing of an answer that cannot be written', () => {
  expect(() => serializeEndpointResponse(response({ statusCode: 1.5 }))).toThrow();
  const good = response({ statusCode: 201 });
  expect(serializeEndpointResponse(good).equals(generated(good))).toBe(true);
});

describe('the writer that answers share', () => {
  const encode = jest.spyOn(EndpointResponse, 'encode');
  afterAll(() => encode.mockRestore());
  const writerOf = (message: EndpointResponse) => {
    encode.mockClear();
    serializeEndpointResponse(message);
    return encode.mock.calls[0]![1];
  };

  it.each([
    ['headers', { headers: { 'X-Long': 'x'.repeat(1_000_000) } }],
    ['a message', { errorMessage: 'x'.repeat(1_000_000) }],
  ])('is given up after an answer with very long %s, whose room it would keep', (_, fields) => {
    const before = writerOf(response({}));
    expect(writerOf(response(fields))).toBe(before);
    const after = writerOf(response({}));
    expect(after).not.toBe(before);
    expect(writerOf(response({ body: Buffer.alloc(16_000) }))).toBe(after);
  });
});
