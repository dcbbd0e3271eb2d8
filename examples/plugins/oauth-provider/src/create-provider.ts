import type { Logger } from '@sluice/plugin-sdk';
import type { ClientMetadata, Configuration, Provider } from 'oidc-provider';
import { Accounts } from './accounts';
import type { ClientSettings, Settings } from './settings';
import { loadKeys } from './signing-key';
import type { Store } from './store/store';
import { StoreAdapter } from './store/store-adapter';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/**
 * The OpenID provider: code flow with PKCE for people, client credentials for services. Throws a sentence for a client that cannot be, or a key that
 * cannot be used.
 */
export async function createProvider(settings: Settings, store: Store, logger: Pick<Logger, 'error'>): Promise<Provider> {
  const keys = await loadKeys(settings.signingKey, store);
  const configuration: Configuration = {
    adapter: (model) => new StoreAdapter(model, store),
    clients: settings.clients.map(clientMetadata),
    jwks: { keys: [keys.signing] },
    cookies: { keys: [keys.cookies], long: { path: settings.issuer.pathname } },
    findAccount: new Accounts(store).find,
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: ownToken },
      revocation: { enabled: true, allowedPolicy: ownToken },
    },
    renderError: (ctx, { error, error_description: description }) => {
      ctx.type = 'text/plain';
      ctx.body = description === undefined ? error : `${error}: ${description}`;
    },
    interactions: { url: (_ctx, { uid }) => `${settings.issuer.pathname}/signin/${uid}` },
    routes: { authorization: '/authorize', userinfo: '/userinfo', jwks: '/jwks.json' },
    ttl: {
      AuthorizationCode: MINUTE,
      AccessToken: 60 * MINUTE,
      ClientCredentials: 10 * MINUTE,
      IdToken: 60 * MINUTE,
      Interaction: 60 * MINUTE,
      RefreshToken: 14 * DAY,
      Session: DAY,
      Grant: 14 * DAY,
    },
  };
  const { Provider: OpenidProvider } = await import('oidc-provider');
  const provider = new OpenidProvider(settings.issuer.href, configuration);
  // Addresses are the issuer's, whatever the gateway is called in a request.
  provider.proxy = true;
  provider.on('server_error', (_ctx, error) => logger.error('The provider failed.', { error }));
  for (const { client_id: id } of settings.clients) {
    await provider.Client.find(id).catch((cause: { error_description?: string }) => {
      throw new Error(`The client "${id}" in the config value "clients" cannot be used: ${cause.error_description ?? String(cause)}.`, { cause });
    });
  }
  return provider;
}

/** A client asks about, and takes back, what it was given itself. */
function ownToken(_ctx: unknown, client: { clientId: string }, token: { clientId?: string | undefined }): boolean {
  return token.clientId === client.clientId;
}

function clientMetadata({ client_id, client_secret, name, redirect_uris }: ClientSettings): ClientMetadata {
  const people: Partial<ClientMetadata> = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], redirect_uris: redirect_uris ?? [] };
  const services: Partial<ClientMetadata> = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
  return {
    client_id,
    ...(client_secret !== undefined ? { client_secret } : { token_endpoint_auth_method: 'none' }),
    ...(name !== undefined && { client_name: name }),
    ...(redirect_uris ? people : services),
  };
}
