import { createHmac } from 'node:crypto';
import { deriveEdgeKeys } from './edge-keys';
import { hashToken } from './token-hash';

describe('deriveEdgeKeys', () => {
  const shared = Buffer.alloc(32, 7);

  it('gives the same keys on studio and gateway, one for each purpose', () => {
    const keys = deriveEdgeKeys(shared);
    expect(deriveEdgeKeys(Uint8Array.from(shared))).toEqual(keys);
    const written = Object.values(keys as object).map((key: Uint8Array) => Buffer.from(key).toString('hex'));
    expect(written.map((key) => key.length)).toEqual([64, 64, 64]);
    expect(new Set(written).size).toBe(3);
  });

  // These bytes are in databases and snapshots: another derivation would make every token invalid.
  it('never changes', () => {
    const { tokenHashKey, secretKey, eventKey } = deriveEdgeKeys(shared);
    expect(Buffer.from(tokenHashKey).toString('hex')).toBe('f1b42be5798c1ecae0605545226e7b815de62e18e3f9a67d5be95391cf25fb80');
    expect(Buffer.from(secretKey).toString('hex')).toBe('7bae15f2694181cd6ab40571fcf64483f699e8606492af9cbe3737312bab412b');
    expect(Buffer.from(eventKey).toString('hex')).toBe('600ea2ac711aaf9b92b72f871e4656490fa33a6dac840d4b2d7d4084d7de4497');
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
