import { newRequestId, requestIdOf, traceIdOf } from './request-identity';

describe('requestIdOf', () => {
  it('keeps an id that is harmless', () => {
    expect(requestIdOf('req-1.2:3')).toBe('req-1.2:3');
  });

  it.each([undefined, '', 'a b', 'a\tb', 'é', 'x'.repeat(129)])('replaces %p', (header) => {
    expect(requestIdOf(header)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('gives different ids, over many draws of random bytes', () => {
    expect(new Set(Array.from({ length: 1000 }, newRequestId)).size).toBe(1000);
  });
});

describe('traceIdOf', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';

  it('reads the trace id of a traceparent', () => {
    expect(traceIdOf(`00-${trace}-b7ad6b7169203331-01`)).toBe(trace);
    expect(traceIdOf(`01-${trace}-b7ad6b7169203331-00-more`)).toBe(trace);
  });

  it.each([undefined, 'x', `00-${trace}-b7ad6b7169203331`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `00-${trace}-${'0'.repeat(16)}-01`, `ff-${trace}-b7ad6b7169203331-01`])(
    'ignores %p',
    (traceparent) => {
      expect(traceIdOf(traceparent)).toBeUndefined();
    },
  );
});
