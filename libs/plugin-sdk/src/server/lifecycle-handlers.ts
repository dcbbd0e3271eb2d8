import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  CloseSessionResponse,
  InitResponse,
  OpenSessionResponse,
  PingResponse,
  type PluginServiceServer,
  ShutdownResponse,
} from '@sluice/contracts/plugin';
import { PluginConfig, pluginIdOf, serviceBrokerIdOf } from '../context/plugin-config';
import type { Session } from '../session/session';
import { messageOf, unknownStatus } from './author-error';
import type { PluginProcess } from './plugin-process';
import type { ProcessEnd } from './process-end';

type LifecycleRpc = 'initialize' | 'ping' | 'shutdown' | 'openSession' | 'closeSession';

const SHUTDOWN_GRACE_MS = 1_500;

/** The RPCs that every plugin answers, whatever it implements. */
export function lifecycleHandlers(process: PluginProcess, session: Session, end: ProcessEnd): UntypedServiceImplementation {
  const { plugin, logger } = process;
  const handlers: Pick<PluginServiceServer, LifecycleRpc> = {
    initialize: (call, callback) => {
      const { config } = call.request;
      process.learn(pluginIdOf(config), serviceBrokerIdOf(config));
      attempt(() => plugin.initialize?.(process.ownContext(), new PluginConfig(config))).then(
        () => callback(null, InitResponse.create({ success: true })),
        (error: unknown) => {
          logger.error('initialize failed.', { error });
          callback(null, InitResponse.create({ success: false, errorMessage: messageOf(error) }));
        },
      );
    },
    ping: (call, callback) => {
      attempt(() => plugin.healthy?.() ?? true).then(
        (healthy) => callback(null, PingResponse.create({ timestamp: call.request.timestamp, healthy })),
        (error: unknown) => {
          logger.error('healthy failed.', { error });
          callback(null, PingResponse.create({ timestamp: call.request.timestamp, healthy: false }));
        },
      );
    },
    shutdown: (_call, callback) => {
      // The time runs from here on, so that a shutdown that hangs ends as well.
      end.within(SHUTDOWN_GRACE_MS);
      void process.shutdown().then((success) => callback(null, ShutdownResponse.create({ success })));
    },
    openSession: (call, callback) => {
      const { pluginId, serviceBrokerId, timeoutMs } = call.request;
      process.learn(pluginId, serviceBrokerId);
      session.open(timeoutMs, call).then(
        (answer) => callback(null, OpenSessionResponse.create(answer)),
        (error: unknown) => callback(unknownStatus(error)),
      );
    },
    closeSession: (call, callback) => {
      session.close(call.request.reason).then(
        () => callback(null, CloseSessionResponse.create({ success: true })),
        (error: unknown) => callback(null, CloseSessionResponse.create({ success: false, errorMessage: messageOf(error) })),
      );
    },
  };
  return handlers;
}

/** An author's method that throws at once is treated like one that rejects. */
async function attempt<T>(action: () => T | Promise<T>): Promise<T> {
  return action();
}
