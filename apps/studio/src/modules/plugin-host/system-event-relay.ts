import { Injectable } from '@nestjs/common';
import { ChangeFeed } from '../../database/change-feed';
import { SYSTEM_EVENTS_CHANNEL, type SystemNotice } from '../events';
import { StudioPluginHost } from './studio-plugin-host';

/**
 * Brings what was committed to plugins: those of this studio, and those of gateways that know the thing. Every studio does so, whoever
 * committed it; gateways let the event in once.
 */
@Injectable()
export class SystemEventRelay {
  constructor(
    changes: ChangeFeed,
    private readonly host: StudioPluginHost,
  ) {
    changes.subscribe(SYSTEM_EVENTS_CHANNEL, (notice) => {
      if (notice !== undefined) this.tell(JSON.parse(notice) as SystemNotice);
    });
  }

  private tell({ id, topic, payload, namespaces }: SystemNotice): void {
    this.host.publish(topic, Buffer.from(JSON.stringify(payload)), namespaces.length === 0 ? 'local' : 'down', { id, namespaces });
  }
}
