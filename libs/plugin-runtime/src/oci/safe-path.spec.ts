import { safePath } from './safe-path';

describe('safePath', () => {
  it.each([
    ['echo', 'echo'],
    ['./bin/echo', 'bin/echo'],
    ['bin/', 'bin'],
    ['./', ''],
    ['a b/ü..x', 'a b/ü..x'],
  ])('reads %j', (path, plain) => expect(safePath(path)).toBe(plain));

  it.each(['', '/etc/passwd', '..', '../x', 'a/../b', 'a/..', 'a/./b', 'a//b', '//a', 'a\\..\\b', 'a\0b', 'a\nb', 'x'.repeat(201), 'a/'.repeat(33), 'aa/'.repeat(400)])('refuses %j', (path) => {
    expect(safePath(path)).toBeUndefined();
  });
});
