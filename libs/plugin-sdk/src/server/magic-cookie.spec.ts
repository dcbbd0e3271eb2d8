import { startedByHost } from './magic-cookie';

describe('startedByHost', () => {
  it.each([
    [{ AI_STUDIO_PLUGIN: 'v1' }, true],
    [{ AI_STUDIO_PLUGIN: 'v2' }, false],
    [{}, false],
  ])('%j: %s', (env, expected) => {
    expect(startedByHost(env)).toBe(expected);
  });
});
