import { unstorableParts } from './unstorable';

describe('what cannot be stored', () => {
  it('is named by its place', () => {
    const document = { name: 'a\0b', list: ['fine', 'half \ud83d'], 'a/b': { c: '\udc00' }, ok: 'whole 😀 кириллица' };
    expect(unstorableParts(document).map((fault) => fault.pointer).sort()).toEqual(['/a~1b/c', '/list/1', '/name']);
    expect(unstorableParts({ metadata: { 'k\0': 1 } })).toEqual([{ pointer: '/metadata', message: expect.stringContaining('whose name') }]);
  });

  it('is what is nested without end', () => {
    const nested = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000)) as unknown;
    expect(unstorableParts(nested)).toEqual([{ pointer: '/0'.repeat(64), message: 'Is nested more than 64 levels deep.' }]);
  });

  it.each([null, 7, true, 'text', [], {}, { a: [{ b: null }] }])('is nothing in %j', (document) => {
    expect(unstorableParts(document)).toEqual([]);
  });
});
