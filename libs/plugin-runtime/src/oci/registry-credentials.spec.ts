import { findCredentials } from './registry-credentials';

const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') });
const file = (auths: object) => JSON.stringify({ auths });

describe('findCredentials', () => {
  it('finds those of the registry, whatever the key looks like', () => {
    for (const key of ['registry.example.com', 'https://registry.example.com', 'https://registry.example.com/v2/', 'registry.example.com/']) {
      expect(findCredentials(file({ 'other.example.com': auth('x:y'), [key]: auth('ada:se:cret') }), 'registry.example.com', 'echo')).toEqual({ username: 'ada', password: 'se:cret' });
    }
    expect(findCredentials(file({ 'r.example': { username: 'ada', password: 'p' } }), 'r.example', 'echo')).toEqual({ username: 'ada', password: 'p' });
  });

  it('prefers the entry that is about the repository', () => {
    const text = file({ 'r.example': auth('all:1'), 'r.example/team': auth('team:2'), 'r.example/te': auth('no:3') });
    expect(findCredentials(text, 'r.example', 'team/echo')?.username).toBe('team');
    expect(findCredentials(text, 'r.example', 'other/echo')?.username).toBe('all');
  });

  it('never hands those of one registry to another', () => {
    const text = file({ 'r.example': auth('a:1') });
    expect(findCredentials(text, 'r.example.evil.com', 'echo')).toBeUndefined();
    expect(findCredentials(text, 'r.example:5000', 'echo')).toBeUndefined();
    expect(findCredentials('{}', 'r.example', 'echo')).toBeUndefined();
  });

  it.each([
    ['not json', '{secret'],
    ['a token of another kind', file({ 'r.example': { identitytoken: 'secret' } })],
    ['no credentials inside', file({ 'r.example': {} })],
    ['no colon inside', file({ 'r.example': auth('secret') })],
  ])('says what is wrong with %s without showing it', (_, text) => {
    expect(() => findCredentials(text, 'r.example', 'echo')).toThrow(expect.objectContaining({ code: 'oci.badCredentials', message: expect.not.stringContaining('secret') }));
  });
});
