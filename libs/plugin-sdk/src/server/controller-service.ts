import type { GRPCControllerServer } from '@sluice/contracts/go-plugin';

const GRACE_MS = 500;

/** `plugin.GRPCController`: the host's last word. */
export function controllerService(end: (graceMs: number) => void): GRPCControllerServer {
  return {
    shutdown: (_call, callback) => {
      callback(null, {});
      end(GRACE_MS);
    },
  };
}
