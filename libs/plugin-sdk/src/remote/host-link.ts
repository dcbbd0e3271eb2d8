import type { ServicesConnection } from '../broker/services-connection';
import { HostServices, loadRuntimeClient } from '../services/host-services';
import type { Logger } from '../services/logger';
import { NO_WAY_BACK, ReverseConnection } from './reverse-connection';
import type { HostWords } from './way-back';

/**
 * The services of one host as one plugin of it, over all its connections and their tokens: what an author keeps of a context goes on
 * working when the host reloads the plugin or is started anew.
 */
export class HostLink {
  readonly connection: ServicesConnection;
  private readonly reverse: ReverseConnection | undefined;
  /** The newest last: a token dies with its connection, and the one before it may be alive still. */
  private readonly tokens: { peer: string; token: string }[] = [];
  private lastToken = '';

  private constructor({ wayBack }: HostWords) {
    this.reverse = wayBack && new ReverseConnection(wayBack, () => this.tokens.at(-1)?.token ?? this.lastToken);
    this.connection = this.reverse ?? NO_WAY_BACK;
  }

  static async create(words: HostWords, logger: Logger): Promise<{ link: HostLink; services: HostServices }> {
    const link = new HostLink(words);
    const pluginId = () => words.pluginId;
    return { link, services: new HostServices(await loadRuntimeClient(words.runtime, link.connection, pluginId), logger, link.connection, pluginId) };
  }

  get offersServices(): boolean {
    return this.reverse !== undefined;
  }

  get isUsed(): boolean {
    return this.tokens.length > 0;
  }

  use(peer: string, token: string): void {
    this.tokens.push({ peer, token });
    this.lastToken = token;
  }

  release(peer: string): void {
    const kept = this.tokens.filter((grant) => grant.peer !== peer);
    this.tokens.splice(0, this.tokens.length, ...kept);
  }

  close(): void {
    this.reverse?.close();
  }
}
