import { keepSecrets, maskSecrets, sealedPointers } from './secret-config';

const SECRETS = ['/api_key', '/auth/password'];

describe('maskSecrets', () => {
  it('shows that a secret is set, and nothing of it', () => {
    expect(maskSecrets({ slug: 'a', api_key: { $sealed: 'x' } }, ['/api_key'])).toEqual({ slug: 'a', api_key: { set: true } });
  });

  it('shows that a secret of the schema is not set', () => {
    expect(maskSecrets({ slug: 'a' }, ['/api_key'])).toEqual({ slug: 'a', api_key: { set: false } });
  });

  it('adds no object for the sake of a marker', () => expect(maskSecrets({ slug: 'a' }, ['/auth/password'])).toEqual({ slug: 'a' }));

  it('hides what was encrypted once, also when the schema no longer calls it a secret', () => {
    expect(maskSecrets({ list: [{ old: { $sealed: 'x' } }] }, [])).toEqual({ list: [{ old: { set: true } }] });
  });
});

describe('keepSecrets', () => {
  const current = { slug: 'a', api_key: 'k', auth: { user: 'u', password: 'p' } };

  it('keeps what is left out or sent as its marker', () => {
    expect(keepSecrets({ slug: 'b', auth: { user: 'v', password: { set: true } } }, current, SECRETS)).toEqual({
      slug: 'b',
      api_key: 'k',
      auth: { user: 'v', password: 'p' },
    });
  });

  it('does not take the marker of a secret that was never set for a value', () => {
    expect(keepSecrets({ api_key: { set: false } }, {}, SECRETS)).toEqual({});
  });

  it('replaces, and removes with null', () => {
    expect(keepSecrets({ api_key: 'new', auth: { user: 'u', password: null } }, current, SECRETS)).toEqual({ api_key: 'new', auth: { user: 'u' } });
  });

  it('lets a secret go with the object around it', () => expect(keepSecrets({}, current, SECRETS)).toEqual({ api_key: 'k' }));
});

describe('sealedPointers', () => {
  it('finds every encrypted value', () => {
    expect(sealedPointers({ a: { $sealed: 'x' }, 'b/c': [{ d: { $sealed: 'y' } }], e: 1 })).toEqual(['/a', '/b~1c/0/d']);
  });
});
