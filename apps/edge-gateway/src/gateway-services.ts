import type { PluginHost } from '@sluice/plugin-runtime';
import type { EventLine } from './events/event-line';
import type { PluginStorage } from './plugin-data/plugin-storage';
import type { StudioMail } from './service-api/studio-mail';
import type { SnapshotLink } from './snapshot/snapshot-link';
import type { StoredStart } from './snapshot/stored-start';

/** All of a gateway that is behind its HTTP edge, in the order in which it begins and ends. */
export class GatewayServices {
  constructor(
    private readonly stored: StoredStart,
    private readonly link: SnapshotLink,
    private readonly plugins: PluginHost,
    private readonly storage: PluginStorage,
    private readonly events: EventLine,
    private readonly mail: StudioMail,
  ) {}

  /** What was on disk. */
  load(): Promise<void> {
    return this.stored.run();
  }

  /** The network. */
  connect(): void {
    this.link.start();
    this.mail.start();
    this.events.start();
  }

  async close(): Promise<void> {
    await this.mail.close();
    await this.link.close();
    await this.stored.close();
    await this.plugins.close();
    await this.storage.close();
    // Plugins may publish while they end.
    await this.events.close();
  }
}
