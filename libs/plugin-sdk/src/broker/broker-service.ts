import type { ConnInfo, GRPCBrokerServer } from '@sluice/contracts/go-plugin';
import type { Announcements } from './announcements';

/** The plugin's end of the broker stream. It only listens: the SDK offers no brokered services of its own. */
export function brokerService(announcements: Announcements): GRPCBrokerServer {
  return {
    startStream: (call) => {
      call.on('data', (info: ConnInfo) => announcements.announce(info));
      call.on('end', () => call.end());
      // A host that dies breaks the stream; the next one opens its own.
      call.on('error', () => undefined);
    },
  };
}
