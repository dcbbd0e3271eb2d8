import type { AppData } from '@sluice/config-snapshot';
import { App } from '@sluice/contracts/plugin';

/** An app of the configuration. */
export interface GatewayApp {
  readonly data: AppData;
  /** The plugin protocol's App message, ready to be copied into a request. */
  readonly encoded: Uint8Array;
}

/** Encodes the message once, for apps that are used. */
export class EncodedApp implements GatewayApp {
  private bytes: Uint8Array | undefined;

  constructor(readonly data: AppData) {}

  get encoded(): Uint8Array {
    return (this.bytes ??= encodeApp(this.data));
  }
}

function encodeApp(app: AppData): Uint8Array {
  return App.encode({
    id: app.id,
    name: app.name,
    description: app.description,
    ownerEmail: app.owner_email,
    isActive: app.is_active,
    monthlyBudget: app.monthly_budget ?? 0,
    rateLimit: app.rate_limit,
    metadata: app.metadata,
    pluginResources: [],
  }).finish();
}
