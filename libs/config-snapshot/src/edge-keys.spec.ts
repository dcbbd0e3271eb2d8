import { createHmac } from 'node:crypto';
import { deriveEdgeKeys } from './edge-keys';
import { hashToken } from './token-hash';

describe('deriveEdgeKeys', () => {
  const shared = Buffer.alloc(32, 7);

  it('gives the same keys on studio and gateway, one for each purpose', () => {
    const { tokenHashKey, secretKey } = deriveEdgeKeys(shared);
    expect(deriveEdgeKeys(Uint8Array.from(shared))).toEqual({ tokenHashKey, secretKey });
    expect([tokenHashKey.length, secretKey.length]).toEqual([32, 32]);
    expect(tokenHashKey).not.toEqual(secretKey);
  });

  // These bytes are in databases and snapshots: another derivation would make every token invalid.
  it('never changes', () => {
    const { tokenHashKey, secretKey } = deriveEdgeKeys(shared);
    expect(Buffer.from(tokenHashKey).toString('hex')).toBe('f1b42be5798c1ecae0605545226e7b815de62e18e3f9a67d5be95391cf25fb80');
    expect(Buffer.from(secretKey).toString('hex')).toBe('7bae15f2694181cd6ab40571fcf64483f699e8606492af9cbe3737312bab412b');
  });

  it.each([0, 16, 31, 33, 64])('refuses a key of %d bytes', (length) => {
    expect(() => deriveEdgeKeys(Buffer.alloc(length))).toThrow(expect.objectContaining({ code: 'snapshot.badKey' }));
  });
});

describe('hashToken', () => {
  it('is the HMAC-SHA256 in hex', () => {
    const key = Buffer.from('k');
    expect(hashToken(key, 'slc_app_x')).toBe(createHmac('sha256', key).update('slc_app_x').digest('hex'));
    expect(hashToken(Buffer.from('l'), 'slc_app_x')).not.toBe(hashToken(key, 'slc_app_x'));
  });
});
