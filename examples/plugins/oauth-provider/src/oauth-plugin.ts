import { BasePlugin, type Context, type CustomEndpointHandler, EndpointError, type EndpointRequest, type PluginConfig } from '@sluice/plugin-sdk';
import type { Provider } from 'oidc-provider';
import { Accounts } from './accounts';
import { createProvider } from './create-provider';
import { nodeAnswer } from './node-handler';
import { readSettings } from './settings';
import { SignIn } from './sign-in/sign-in';
import { KvStore } from './store/kv-store';
import { RedisStore } from './store/redis-store';
import type { Store } from './store/store';

interface Serving {
  issuer: URL;
  store: Store;
  provider: Provider;
  signIn: SignIn;
}

/** An OpenID provider below `/plugins/{slug}`. */
export class OauthPlugin extends BasePlugin implements CustomEndpointHandler {
  private serving: Serving | undefined;

  constructor() {
    super({ id: 'com.example.oauth-provider', name: 'OpenID provider', version: '1.0.0' });
  }

  async initialize({ services }: Context, config: PluginConfig) {
    const settings = readSettings(config);
    const store = settings.redisUrl ? await RedisStore.connect(settings.redisUrl, services.logger) : new KvStore(services.kv);
    try {
      const provider = await createProvider(settings, store, services.logger);
      await this.serving?.store.close();
      this.serving = { issuer: settings.issuer, store, provider, signIn: new SignIn(provider, new Accounts(store), settings.issuer) };
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  endpoints() {
    return [
      { path: '/*', methods: ['GET', 'POST', 'OPTIONS'], description: 'OpenID Connect: discovery, keys, authorization, token, userinfo' },
      { path: '/signin/*', methods: ['GET'], description: 'The page that asks for the token of an app' },
      { path: '/signin/*', methods: ['POST'], requireAuth: true, description: 'Signs an app in' },
    ];
  }

  async handleEndpoint(_ctx: Context, request: EndpointRequest) {
    if (!this.serving) throw new Error('The plugin was not initialised.');
    const { issuer, provider, signIn } = this.serving;
    if (request.pathSegments[0] !== 'signin') return nodeAnswer(provider.callback(), request, issuer);
    if (request.method === 'GET') return signIn.page(request);
    if (!request.app) throw new EndpointError(401, 'The token of an app is required.');
    return signIn.finish(request, request.app);
  }

  async shutdown() {
    await this.serving?.store.close();
  }
}
