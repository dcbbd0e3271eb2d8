import { canonicalBytes, canonicalText } from './canonical-bytes';
import type { JsonValue } from './records';

describe('canonicalBytes', () => {
  it('writes the example of RFC 8785', () => {
    const value = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as JsonValue;
    expect(canonicalText(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units, which is not the order of code points', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalText(value)) as object)).toHaveLength(7);
    expect(canonicalText(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it.each([[0, '0'], [-0, '0'], [1e21, '1e+21'], [123456789012345680000, '123456789012345680000'], [5e-324, '5e-324'], [9007199254740991, '9007199254740991']])(
    'writes %p as %s',
    (value, text) => expect(canonicalText(value)).toBe(text),
  );

  it('is UTF-8 without whitespace', () => {
    expect(Buffer.from(canonicalBytes({ b: ['ü'], a: {} })).toString('hex')).toBe(Buffer.from('{"a":{},"b":["ü"]}', 'utf8').toString('hex'));
  });

  it('keeps a key named __proto__', () => {
    expect(canonicalText(JSON.parse('{"__proto__":{"x":1},"a":2}') as JsonValue)).toBe('{"__proto__":{"x":1},"a":2}');
  });

  it.each<[string, unknown, string]>([
    ['NaN', { a: [0, NaN] }, '/a/1'],
    ['an infinity', { a: -Infinity }, '/a'],
    ['undefined', { a: undefined }, '/a'],
    ['a hole', Array(2), '/0'],
    ['a bigint', { 'a/b': 1n }, '/a~1b'],
    ['a function', [() => 1], '/0'],
    ['a date', { at: new Date(0) }, '/at'],
    ['a lone surrogate', { a: 'x\ud800' }, '/a'],
    ['a lone surrogate in a key', { '\udc00': 1 }, '/\udc00'],
  ])('refuses %s and says where', (_, value, path) => {
    expect(() => canonicalBytes(value as JsonValue)).toThrow(expect.objectContaining({ code: 'snapshot.notCanonicalisable', details: { path } }));
  });

  it('refuses a document that would exhaust the stack', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as JsonValue;
    expect(() => canonicalBytes(deep)).toThrow(expect.objectContaining({ code: 'snapshot.notCanonicalisable' }));
  });
});
