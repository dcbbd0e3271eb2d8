import type { GRPCControllerServer } from '@sluice/contracts/go-plugin';
import type { ProcessEnd } from './process-end';

const GRACE_MS = 500;

/** `plugin.GRPCController`: the host's last word. */
export function controllerService(end: ProcessEnd): GRPCControllerServer {
  return {
    shutdown: (_call, callback) => {
      callback(null, {});
      end.within(GRACE_MS);
    },
  };
}
