import { checkVersion, readIfMatch } from './etag';

describe('If-Match', () => {
  it.each<[string | undefined, readonly number[] | null]>([
    [undefined, null],
    ['*', null],
    ['"3"', [3]],
    ['"3", "4"', [3, 4]],
    ['W/"3"', []],
    ['3', []],
    ['"other"', []],
    ['', []],
  ])('%p stands for the versions %p', (header, versions) => {
    expect(readIfMatch(header)).toEqual(versions);
  });

  it('lets a change through only for a version that was named', () => {
    expect(() => checkVersion(null, 3)).not.toThrow();
    expect(() => checkVersion([2, 3], 3)).not.toThrow();
    for (const expected of [[], [2]]) expect(() => checkVersion(expected, 3)).toThrow(expect.objectContaining({ code: 'http.preconditionFailed' }));
  });
});
