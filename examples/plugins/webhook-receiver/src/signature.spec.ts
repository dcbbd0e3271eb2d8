import { createHmac } from 'node:crypto';
import { checkSignature, type SignatureRules } from './signature';

const NOW = 1_800_000_000_000;
const rules: SignatureRules = { secrets: ['the secret in use', 'the secret before'], requireTimestamp: false, toleranceSeconds: 300 };
const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
const sign = (secret: string, ...parts: (string | Uint8Array)[]) => createHmac('sha256', secret).update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest('hex');
const signedAt = (seconds: number) => ({ body, timestamp: String(seconds), signature: sign('the secret in use', `${seconds}.`, body) });

describe('checkSignature', () => {
  it.each([
    ['the bytes of the body', sign('the secret in use', body)],
    ['the same with the name of the algorithm', `sha256=${sign('the secret in use', body)}`],
    ['the same in capitals', sign('the secret in use', body).toUpperCase()],
    ['the secret before', sign('the secret before', body)],
  ])('accepts a signature of %s', (_what, signature) => {
    expect(checkSignature({ body, signature, timestamp: undefined }, rules, NOW)).toEqual({ ok: true, replayableForMs: undefined });
  });

  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['half of one', sign('the secret in use', body).slice(0, 32)],
    ['one that is longer', `${sign('the secret in use', body)}00`],
    ['no hex', 'z'.repeat(64)],
    ['one of another secret', sign('another secret', body)],
    ['one of another body', sign('the secret in use', '{}')],
    ['one that covers a time which was not sent', sign('the secret in use', '1800000000.', body)],
  ])('refuses %s', (_what, signature) => {
    expect(checkSignature({ body, signature, timestamp: undefined }, rules, NOW)).toMatchObject({ ok: false });
  });

  it('accepts a time within the tolerance, and says for how long', () => {
    expect(checkSignature(signedAt(NOW / 1000 - 200), rules, NOW)).toEqual({ ok: true, replayableForMs: 100_000 });
    expect(checkSignature(signedAt(NOW / 1000 + 200), rules, NOW)).toEqual({ ok: true, replayableForMs: 500_000 });
  });

  it.each([
    ['too long ago', signedAt(NOW / 1000 - 301)],
    ['in the future', signedAt(NOW / 1000 + 301)],
    ['that was changed', { ...signedAt(NOW / 1000 - 1000), timestamp: String(NOW / 1000) }],
    ['that is no number', { ...signedAt(NOW / 1000), timestamp: 'now' }],
  ])('refuses a time %s', (_what, request) => {
    expect(checkSignature(request, rules, NOW)).toMatchObject({ ok: false });
  });

  it('refuses a signature without a time where one is required', () => {
    const verdict = checkSignature({ body, signature: sign('the secret in use', body), timestamp: undefined }, { ...rules, requireTimestamp: true }, NOW);
    expect(verdict).toEqual({ ok: false, reason: 'The header X-Webhook-Timestamp is required.' });
  });
});
