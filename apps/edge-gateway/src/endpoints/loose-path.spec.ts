import { loosePath } from './loose-path';

describe('loosePath', () => {
  it.each([
    ['//a', '/a'],
    ['/a///b', '/a/b'],
    ['/a;x=1/b;y', '/a/b'],
    ['/a;x//b', '/a/b'],
    ['/;x/a', '/a'],
    ['/a?b/c', '/a'],
    ['/a#b', '/a'],
    ['/?', '/'],
    ['/a  ', '/a'],
    ['/a ;x', '/a'],
    ['/a /b', '/a/b'],
    ['/ /b', '/b'],
    ['//', '/'],
  ])('takes %s for %s', (path, loose) => {
    expect(loosePath(path)).toBe(loose);
  });

  it.each(['/', '/a', '/a/b/', '/a b', '/a.b/c=d'])('takes %s as it is', (path) => {
    expect(loosePath(path)).toBeUndefined();
  });
});
