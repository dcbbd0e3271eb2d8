import { hkdfSync } from 'node:crypto';
import { snapshotErrors } from './snapshot-errors';

/** The keys that studio and gateways derive from the one key that they share. */
export interface EdgeKeys {
  /** For `hashToken`. */
  tokenHashKey: Uint8Array;
  /** For `sealConfig` and `openConfig`. */
  secretKey: Uint8Array;
  /** Signs the events that go between the planes. */
  eventKey: Uint8Array;
}

/**
 * HKDF-SHA256 (RFC 5869) of the shared key, with a label for each purpose, so that no key serves two.
 * @throws snapshotErrors.badKey unless the shared key is 32 bytes.
 */
export function deriveEdgeKeys(sharedKey: Uint8Array): EdgeKeys {
  if (sharedKey.length !== 32) throw new snapshotErrors.badKey({}, { detail: 'The shared key of studio and gateways is 32 bytes.' });
  return {
    tokenHashKey: deriveKey(sharedKey, 'sluice edge v1 token hash'),
    secretKey: deriveKey(sharedKey, 'sluice edge v1 secrets'),
    eventKey: deriveKey(sharedKey, 'sluice edge v1 events'),
  };
}

/** 32 bytes for one purpose, which the label names. */
export function deriveKey(key: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), label, 32));
}
