import type { PluginConfig } from '@sluice/plugin-sdk';

export interface ClientSettings {
  client_id: string;
  client_secret?: string;
  /** For people. */
  name?: string;
  redirect_uris?: string[];
}

export interface Settings {
  issuer: URL;
  clients: ClientSettings[];
  /** PEM. */
  signingKey: string | undefined;
  redisUrl: string | undefined;
}

/** Throws a sentence for what the schema cannot say. */
export function readSettings(config: PluginConfig): Settings {
  const issuer = new URL(config.string('issuer'));
  if (issuer.protocol !== 'https:' && !isLoopback(issuer.hostname)) throw new Error('The config value "issuer" must begin with https://, except on this machine.');
  const clients = config.json<ClientSettings[]>('clients', []);
  const unnamed = clients.find(({ client_secret, redirect_uris }) => !client_secret && !redirect_uris);
  if (unnamed) throw new Error(`The client "${unnamed.client_id}" in the config value "clients" needs a client_secret, or redirect_uris.`);
  return { issuer, clients, signingKey: config.string('signing_key', '') || undefined, redisUrl: config.string('redis_url', '') || undefined };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
