import { checkCompat } from './check-compat';

const HERE = { app: '0.1.0', gateway: '0.1.0', studio: '0.1.0', api: ['v1', 'v2'] };

describe('checkCompat', () => {
  it('lets in what asks for nothing and what fits', () => {
    expect(checkCompat({ compat: { api: [] } }, HERE)).toEqual([]);
    expect(checkCompat({ compat: { app: '>=0.1.0 <2.0.0', api: ['v2'], min_gateway_version: '0.1.0', min_studio_version: '0.0.9' } }, HERE)).toEqual([]);
  });

  it('says everything that does not fit', () => {
    expect(checkCompat({ compat: { app: '>=2.0.0', api: ['v1', 'v3'], min_gateway_version: '0.2.0', min_studio_version: '1.0.0' } }, HERE)).toEqual([
      { pointer: '/compat/app', message: 'The plugin needs Sluice >=2.0.0; this is 0.1.0.' },
      { pointer: '/compat/min_gateway_version', message: 'The plugin needs a Sluice gateway >=0.2.0; this is 0.1.0.' },
      { pointer: '/compat/min_studio_version', message: 'The plugin needs a Sluice studio >=1.0.0; this is 0.1.0.' },
      { pointer: '/compat/api/1', message: 'The plugin needs the API v3; here are v1, v2.' },
    ]);
  });

  it('asks nothing about a part whose version nobody told', () => {
    expect(checkCompat({ compat: { api: [], min_gateway_version: '9.0.0', min_studio_version: '9.0.0' } }, { app: '0.1.0', api: [] })).toEqual([]);
  });

  it('does not take a release candidate for the release that it precedes', () => {
    const rc = { ...HERE, studio: '1.0.0-rc.1' };
    expect(checkCompat({ compat: { api: [], min_studio_version: '1.0.0' } }, rc)).toHaveLength(1);
    expect(checkCompat({ compat: { api: [], min_studio_version: '1.0.0-rc.1' } }, rc)).toEqual([]);
    expect(checkCompat({ compat: { api: [], min_studio_version: '0.9.0' } }, rc)).toEqual([]);
  });

  it('says when there is no API at all', () => {
    expect(checkCompat({ compat: { api: ['v1'] } }, { app: '0.1.0', api: [] })).toEqual([
      { pointer: '/compat/api/0', message: 'The plugin needs the API v1; there is none here.' },
    ]);
  });
});
