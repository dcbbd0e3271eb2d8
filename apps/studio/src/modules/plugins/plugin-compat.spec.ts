import { checkCompat } from './plugin-compat';

describe('checkCompat', () => {
  it('lets a plugin in that asks for nothing', () => expect(checkCompat({ compat: { api: [] } }, '0.1.0')).toEqual([]));

  it('lets a plugin in that fits', () => expect(checkCompat({ compat: { api: [], app: '>=0.1 <2', min_studio_version: '0.1.0' } }, '0.1.0')).toEqual([]));

  it('counts a pre-release of what it asks for', () => expect(checkCompat({ compat: { api: [], app: '>=1.0.0-rc.1' } }, '1.0.0-rc.2')).toEqual([]));

  it('says what does not fit', () => {
    expect(checkCompat({ compat: { api: [], app: '^2.0.0', min_studio_version: '1.4.0' } }, '1.3.9')).toEqual([
      { pointer: '/manifest/compat/app', message: 'The plugin is made for versions ^2.0.0 of the platform; this is 1.3.9.' },
      { pointer: '/manifest/compat/min_studio_version', message: 'The plugin needs a studio of version 1.4.0 or later; this is 1.3.9.' },
    ]);
  });
});
