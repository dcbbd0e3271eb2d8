import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { ShutdownResponse, type PluginServiceServer } from '@sluice/contracts/plugin';
import type { Plugin } from '../base-plugin';
import type { SessionAware } from '../capabilities/session-aware';
import type { Declarations } from '../server/declarations';
import { PluginProcess } from '../server/plugin-process';
import { pluginService } from '../server/plugin-service';
import { ProcessEnd } from '../server/process-end';
import type { HostServices } from '../services/host-services';
import type { Logger } from '../services/logger';
import { Session } from '../session/session';
import { sessionHooks } from '../session/session-hooks';
import type { HostLink } from './host-link';
import type { HostWords } from './way-back';

export interface HostBindingOptions {
  plugin: Plugin & SessionAware;
  declarations: Declarations;
  logger: Logger;
  words: HostWords;
  link: HostLink;
  services: HostServices;
}

/** The plugin as one connection of one host sees it: with the runtime, the id and the services of that host. */
export class HostBinding {
  readonly service: UntypedServiceImplementation;
  readonly process: PluginProcess;
  readonly link: HostLink;
  private readonly session: Session;

  constructor({ plugin, declarations, logger, words, link, services }: HostBindingOptions) {
    this.link = link;
    this.process = new PluginProcess({ plugin, runtime: words.runtime, logger, connection: link.connection, services, identity: { pluginId: words.pluginId } });
    const hooks = sessionHooks(this.process, plugin);
    // A session is about the plugin's work; where there are no services, it is ready without them.
    this.session = new Session(link.offersServices ? hooks : { ...hooks, connect: () => Promise.resolve() });
    const nobodysEnd = new ProcessEnd(() => Promise.resolve(), () => undefined);
    this.service = { ...pluginService(this.process, declarations, this.session, nobodysEnd), shutdown };
  }

  close(reason: string): Promise<void> {
    return this.session.close(reason);
  }
}

/** A host lets go of the plugin by closing its session. The process is not the host's to end: others may be using it. */
const shutdown: PluginServiceServer['shutdown'] = (_call, callback) => callback(null, ShutdownResponse.create({ success: true }));
