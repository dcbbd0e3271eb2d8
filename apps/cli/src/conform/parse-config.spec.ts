import { parseConfig } from './parse-config';

describe('parseConfig', () => {
  it('takes JSON as JSON and everything else as text', () => {
    expect(parseConfig(['slug=echo', 'limit=5', 'on=true', 'tags=["a"]', 'equation=a=b', 'empty='])).toEqual({ slug: 'echo', limit: 5, on: true, tags: ['a'], equation: 'a=b', empty: '' });
  });

  it('says what is not a pair', () => {
    expect(() => parseConfig(['slug'])).toThrow('slug is not like key=value.');
  });
});
