import { headerName } from './header-name';

describe('headerName', () => {
  it.each([
    ['content-type', 'Content-Type', 'plain'],
    ['COOKIE', 'Cookie', 'cookie'],
    ['te', 'Te', 'hopByHop'],
    ['Transfer-encoding', 'Transfer-Encoding', 'transferEncoding'],
    ['x-forwarded-for', 'X-Forwarded-For', 'forwarded'],
    ['X-Forwarded-Anything', 'X-Forwarded-Anything', 'forwarded'],
    ['x-original-url', 'X-Original-Url', 'forwarded'],
    ['forwarded', 'Forwarded', 'forwarded'],
    ['constructor', 'Constructor', 'plain'],
    ['__proto__', '__proto__', 'plain'],
  ])('reads %s', (raw, canonical, role) => {
    expect(headerName(raw)).toEqual({ canonical, role });
    expect(headerName(raw)).toEqual({ canonical, role });
  });

  it('knows a name that is too long to be remembered', () => {
    const raw = `x-${'a'.repeat(200)}`;
    expect(headerName(raw)).toEqual({ canonical: `X-A${'a'.repeat(199)}`, role: 'plain' });
  });
});
