import type { Plugin } from '../base-plugin';
import type { SessionAware } from '../capabilities/session-aware';
import type { Declarations } from '../server/declarations';
import type { HostServices } from '../services/host-services';
import type { Logger } from '../services/logger';
import { HostBinding } from './host-binding';
import { HostLink } from './host-link';
import { type HostWords, readHostWords } from './way-back';

/** How long a host may be away before what the plugin holds of it is let go. */
const FORGET_MS = 10 * 60_000;

export interface HostBindingsOptions {
  plugin: Plugin & SessionAware;
  declarations: Declarations;
  logger: Logger;
  forgetMs?: number;
}

interface Known {
  link: HostLink;
  services: HostServices;
  forget: NodeJS.Timeout | undefined;
}

/**
 * Who calls: studio and gateways may use one plugin at the same time, each over connections of its own. `Initialize` binds its connection
 * to what it says; every other call on that connection is answered with the services of that host.
 */
export class HostBindings {
  private readonly connected = new Set<string>();
  private readonly byPeer = new Map<string, HostBinding>();
  private readonly links = new Map<string, Promise<Known>>();
  private unbound: Promise<HostBinding> | undefined;

  constructor(private readonly options: HostBindingsOptions) {}

  connect(peer: string): void {
    this.connected.add(peer);
  }

  /** Whose call this is, for a connection that may not have been initialised. */
  async of(peer: string): Promise<HostBinding> {
    const binding = this.byPeer.get(peer);
    if (binding) return binding;
    this.unbound ??= this.create(readHostWords({}));
    return this.unbound;
  }

  async initialize(peer: string, config: Readonly<Record<string, string>>): Promise<HostBinding> {
    const words = readHostWords(config);
    const binding = await this.create(words);
    // Gone meanwhile: nobody hears the answer, and the next connection from this port is another one's.
    if (!this.connected.has(peer)) return binding;
    this.byPeer.get(peer)?.link.release(peer);
    if (words.wayBack) binding.link.use(peer, words.wayBack.token);
    this.byPeer.set(peer, binding);
    return binding;
  }

  /** The connection is gone, and its token with it. */
  disconnect(peer: string): void {
    this.connected.delete(peer);
    const binding = this.byPeer.get(peer);
    this.byPeer.delete(peer);
    binding?.link.release(peer);
    for (const [key, known] of this.links) void known.then((link) => this.forgetLater(key, link), () => this.links.delete(key));
  }

  async close(reason: string): Promise<void> {
    await Promise.all([...this.byPeer.values()].map((binding) => binding.close(reason)));
    for (const known of this.links.values()) letGo(await known);
    this.links.clear();
  }

  private async create(words: HostWords): Promise<HostBinding> {
    const { link, services } = await this.linkOf(words);
    return new HostBinding({ ...this.options, words, link, services });
  }

  private async linkOf(words: HostWords): Promise<Known> {
    const { runtime, pluginId, wayBack } = words;
    const key = JSON.stringify([runtime, pluginId, wayBack && [wayBack.address, wayBack.tls, wayBack.ca]]);
    const existing = this.links.get(key);
    const made = existing ?? HostLink.create(words, this.options.logger).then((created) => ({ ...created, forget: undefined }));
    this.links.set(key, made);
    const known = await made;
    clearTimeout(known.forget);
    known.forget = undefined;
    return known;
  }

  private forgetLater(key: string, known: Known): void {
    if (known.link.isUsed || known.forget || !known.link.offersServices) return;
    known.forget = setTimeout(() => {
      this.links.delete(key);
      letGo(known);
    }, this.options.forgetMs ?? FORGET_MS);
    known.forget.unref();
  }
}

function letGo({ link, services, forget }: Known): void {
  clearTimeout(forget);
  services.events.close();
  link.close();
}
