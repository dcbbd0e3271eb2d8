import type { KeyObject } from 'node:crypto';
import { keyIdOf, openGatewayKeys, sealingPublicKey, type EdgeKeys, type GatewayKeyData, type GatewayKeys, type OpeningKeys } from '@sluice/config-snapshot';

/** Keys that the studio sealed to this gateway. */
export interface HeldKeys extends GatewayKeys {
  /** Of the namespace's key. */
  version: number;
}

export interface GatewayKeyringOptions {
  namespace: string;
  sealingKey: KeyObject;
  /** What EDGE_SHARED_KEY gives; undefined without it. */
  shared: EdgeKeys | undefined;
}

/** The keys of this gateway: those that the studio sealed to it, and before them those of EDGE_SHARED_KEY. */
export class GatewayKeyring {
  private readonly keyId: string;
  private current: HeldKeys | undefined;
  private last: HeldKeys | undefined;
  /** The newest table that was looked through, and what was in it. */
  private known: { table: ReadonlyMap<number, GatewayKeyData>; keys: HeldKeys | undefined } | undefined;

  constructor(private readonly options: GatewayKeyringOptions) {
    this.keyId = keyIdOf(sealingPublicKey(options.sealingKey));
  }

  /** What the revision in force gives this gateway. */
  get held(): HeldKeys | undefined {
    return this.current;
  }

  /** Undefined while this gateway can check no token. */
  get tokenHashKey(): Uint8Array | undefined {
    return this.last?.tokenHashKey ?? this.options.shared?.tokenHashKey;
  }

  /** Undefined while this gateway can neither send nor take events. */
  get eventKey(): Uint8Array | undefined {
    return this.last?.eventKey ?? this.options.shared?.eventKey;
  }

  /** What a revision with these records would give. @throws snapshotErrors.badSeal for what is for this gateway and does not open. */
  under(table: ReadonlyMap<number, GatewayKeyData>): HeldKeys | undefined {
    if (this.known?.table !== table) this.known = { table, keys: this.open(table) };
    return this.known.keys;
  }

  /** What secrets open with under these keys. */
  opening(keys: HeldKeys | undefined): OpeningKeys {
    return { namespaceKey: keys && { version: keys.version, key: keys.namespaceKey }, sharedKey: this.options.shared?.secretKey };
  }

  /**
   * Has the keys of the revision that is in force from now on. The keys for tokens and events stay when the gateway is no longer given
   * any: they are not what a removal takes away, and callers are not locked out by it.
   */
  hold(keys: HeldKeys | undefined): void {
    this.current = keys;
    this.last = keys ?? this.last;
  }

  private open(table: ReadonlyMap<number, GatewayKeyData>): HeldKeys | undefined {
    for (const { id, key_id: keyId, key_version: version, sealed } of table.values()) {
      if (keyId !== this.keyId) continue;
      return { version, ...openGatewayKeys(sealed, this.options.sealingKey, { gatewayId: id, namespace: this.options.namespace, keyVersion: version }) };
    }
    return undefined;
  }
}
