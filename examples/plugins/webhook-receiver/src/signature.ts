import { createHmac, timingSafeEqual } from 'node:crypto';

const SHA256_HEX = /^(?:sha256=)?([0-9a-f]{64})$/i;
const UNIX_SECONDS = /^\d{1,12}$/;

export interface SignatureRules {
  /** The one in use, and the one before while senders change. */
  secrets: readonly string[];
  requireTimestamp: boolean;
  toleranceSeconds: number;
}

export interface SignedRequest {
  /** As it arrived: a body that was parsed and written again has other bytes. */
  body: Uint8Array;
  /** `X-Webhook-Signature`: HMAC-SHA256 in hex, with or without `sha256=` in front. */
  signature: string | undefined;
  /** `X-Webhook-Timestamp`, in Unix seconds. With it the signature is that of `{timestamp}.{body}`. */
  timestamp: string | undefined;
}

export type SignatureVerdict =
  /** `replayableForMs`: how long the same request would be accepted again; undefined is for ever. */
  { ok: true; replayableForMs: number | undefined } | { ok: false; reason: string };

export function checkSignature(request: SignedRequest, rules: SignatureRules, now: number): SignatureVerdict {
  const signature = SHA256_HEX.exec(request.signature ?? '')?.[1];
  if (signature === undefined) return refuse('The header X-Webhook-Signature must be an HMAC-SHA256 in hex.');
  const { timestamp } = request;
  if (timestamp === undefined) {
    if (rules.requireTimestamp) return refuse('The header X-Webhook-Timestamp is required.');
    return isSigned([request.body], signature, rules) ? { ok: true, replayableForMs: undefined } : refuse(WRONG);
  }
  if (!UNIX_SECONDS.test(timestamp)) return refuse('The header X-Webhook-Timestamp must be a time in Unix seconds.');
  if (!isSigned([`${timestamp}.`, request.body], signature, rules)) return refuse(WRONG);
  const toleranceMs = rules.toleranceSeconds * 1000;
  const ageMs = now - Number(timestamp) * 1000;
  if (Math.abs(ageMs) > toleranceMs) return refuse(`The webhook was sent more than ${rules.toleranceSeconds} seconds from now.`);
  return { ok: true, replayableForMs: toleranceMs - ageMs };
}

const WRONG = 'The signature does not fit the body.';

/** Every secret is tried, and each comparison takes the same time whatever differs. */
function isSigned(parts: (string | Uint8Array)[], signature: string, { secrets }: SignatureRules): boolean {
  const given = Buffer.from(signature, 'hex');
  return secrets.map((secret) => timingSafeEqual(hmac(secret, parts), given)).includes(true);
}

function hmac(secret: string, parts: (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

function refuse(reason: string): SignatureVerdict {
  return { ok: false, reason };
}
