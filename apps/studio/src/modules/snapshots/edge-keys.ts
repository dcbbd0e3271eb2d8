import { Injectable } from '@nestjs/common';
import { deriveEdgeKeys } from '@sluice/config-snapshot';
import { StudioConfig } from '../../config';

/** The keys that the studio has in common with its gateways, all derived from one. */
@Injectable()
export class EdgeKeys {
  readonly tokenHashKey: Uint8Array;
  readonly secretKey: Uint8Array;
  readonly eventKey: Uint8Array;

  constructor(config: StudioConfig) {
    const keys = deriveEdgeKeys(config.edge.sharedKey);
    this.tokenHashKey = keys.tokenHashKey;
    this.secretKey = keys.secretKey;
    this.eventKey = keys.eventKey;
  }
}
