import { parseChallenges } from './parse-challenge';

describe('parseChallenges', () => {
  it('reads what registries send', () => {
    expect(parseChallenges('Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"')).toEqual([
      { scheme: 'bearer', parameters: { realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:a/b:pull,push' } },
    ]);
    expect(parseChallenges('Basic realm=plugins')).toEqual([{ scheme: 'basic', parameters: { realm: 'plugins' } }]);
  });

  it('reads several challenges, quoted quotes and odd spacing', () => {
    expect(parseChallenges('Negotiate, BASIC realm = "a \\"b\\"" , Bearer realm="x",error="invalid_token"')).toEqual([
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'basic', parameters: { realm: 'a "b"' } },
      { scheme: 'bearer', parameters: { realm: 'x', error: 'invalid_token' } },
    ]);
  });

  it('gives nothing for nothing', () => {
    expect(parseChallenges('')).toEqual([]);
    expect(parseChallenges('"')).toEqual([]);
  });
});
