import { z } from 'zod';
import { ociErrors } from './oci-errors';
import { type Challenge, parseChallenges } from './parse-challenge';
import type { CredentialsFile, RegistryCredentials } from './registry-credentials';
import type { RegistryHttp } from './registry-http';

const MAX_TOKEN_ANSWER = 1_048_576;
/** Tokens are renewed this much before they end. */
const MARGIN_MS = 5_000;
const DEFAULT_LIFE_S = 60;

const tokenAnswer = z
  .object({ token: z.string().optional(), access_token: z.string().optional(), expires_in: z.number().optional() })
  .refine(({ token, access_token }) => (token ?? access_token ?? '') !== '', 'There is no token in it.');

export interface AuthorizationOptions {
  http: RegistryHttp;
  /** Of the registry, like `https://registry.example.com`. */
  origin: string;
  registry: string;
  repository: string;
  credentials: CredentialsFile;
}

/** What to show a registry for one repository: nothing until it asks, then what it asks for. */
export class RegistryAuthorization {
  private header: string | undefined;
  private until = Infinity;

  constructor(private readonly options: AuthorizationOptions) {}

  /** The headers of a request. */
  headers(): Record<string, string> {
    return this.header === undefined || Date.now() > this.until ? {} : { authorization: this.header };
  }

  /** Takes up the challenge of a 401. Throws `oci.accessDenied` when there is nothing to show. */
  async answer(wwwAuthenticate: string, signal: AbortSignal): Promise<void> {
    const { registry, repository, credentials: file } = this.options;
    const challenges = parseChallenges(wwwAuthenticate);
    const credentials = await file.for(registry, repository);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer !== undefined) return this.fetchToken(bearer, credentials, signal);
    if (!challenges.some(({ scheme }) => scheme === 'basic')) {
      this.deny(`The registry ${registry} asks for a kind of login that is not known here (${challenges.map(({ scheme }) => scheme).join(', ') || 'none named'}).`);
    }
    if (credentials === undefined) this.deny(`The registry ${registry} asks for a login, and PLUGIN_REGISTRY_AUTH_FILE has no credentials for it.`);
    this.header = basic(credentials);
    this.until = Infinity;
  }

  deny(detail: string, details: Readonly<Record<string, unknown>> = {}): never {
    throw new ociErrors.accessDenied({ registry: this.options.registry, ...details }, { detail });
  }

  private async fetchToken({ parameters }: Challenge, credentials: RegistryCredentials | undefined, signal: AbortSignal): Promise<void> {
    const { http, registry } = this.options;
    const url = this.tokenUrl(parameters, credentials);
    const response = await http.get(url.href, { accept: 'application/json', ...(credentials && { authorization: basic(credentials) }) }, signal);
    const body = await http.read(response, url.host, MAX_TOKEN_ANSWER, signal);
    if (response.statusCode === 401 || response.statusCode === 403) {
      this.deny(`The token server ${url.host} of the registry ${registry} refuses ${credentials ? 'the credentials of PLUGIN_REGISTRY_AUTH_FILE' : 'a login without credentials; PLUGIN_REGISTRY_AUTH_FILE has none for this registry'}.`);
    }
    const answer = response.statusCode === 200 ? tokenAnswer.safeParse(parseJson(body)) : undefined;
    if (!answer?.success) {
      throw new ociErrors.registryFailed({ registry, status: response.statusCode }, { detail: `The token server ${url.host} of the registry ${registry} gave no token (status ${response.statusCode}).` });
    }
    this.header = `Bearer ${answer.data.token ?? answer.data.access_token}`;
    this.until = Date.now() + (answer.data.expires_in ?? DEFAULT_LIFE_S) * 1_000 - MARGIN_MS;
  }

  private tokenUrl({ realm = '', service, scope }: Readonly<Record<string, string>>, credentials: RegistryCredentials | undefined): URL {
    const { origin, registry, repository } = this.options;
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    // Whoever may read the registry's traffic in the clear may not be sent credentials that way by it.
    if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && origin.startsWith('http://')))) {
      throw new ociErrors.registryFailed({ registry, realm }, { detail: `The registry ${registry} names a token server that cannot be used; its address has to begin with https://.` });
    }
    url.username = url.password = '';
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', scope ?? `repository:${repository}:pull`);
    if (credentials !== undefined) url.searchParams.set('account', credentials.username);
    return url;
  }
}

function basic({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
