import { status as Status, type handleServerStreamingCall, type handleUnaryCall, type ServiceError } from '@grpc/grpc-js';
import { GRPC_STATUS, isSluiceError } from '@sluice/kernel';
import { scopesAllow, SERVICE_SCOPES } from '@sluice/plugin-manifest';
import type { Logger } from 'pino';
import { pluginErrors } from '../plugin-errors';
import type { ServiceCaller, ServiceHandler } from './service-api';

/** Throws `plugin.scopeMissing` unless the caller may use this method, with a sentence that says what to do about it. */
export function checkScope(caller: ServiceCaller, method: string): void {
  if (scopesAllow(method, caller.approvedScopes)) return;
  const scopes = SERVICE_SCOPES.get(method);
  const detail =
    scopes === undefined
      ? `Plugin "${caller.pluginName}" may not call ${method}: the Service API does not list it.`
      : `Plugin "${caller.pluginName}" may not call ${method}: it needs the scope ${scopes.join(' or ')}. Declare it under permissions.services in the manifest and approve it for this plugin.`;
  throw new pluginErrors.scopeMissing({ pluginId: caller.pluginId, method, scopes }, { detail });
}

/** A unary handler as @grpc/grpc-js wants it: scope first, then the handler, and every error as the status of its kind. */
export function guardHandler(method: string, handler: ServiceHandler | undefined, caller: () => ServiceCaller, logger: Logger): handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    const respond = async () => {
      checkScope(caller(), method);
      if (!handler) throw notAvailable(method);
      return handler(caller(), call.request as never);
    };
    respond().then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error, method, logger)),
    );
  };
}

/** A method that is answered by a stream: scope first. No host has one to offer yet. */
export function guardStream(method: string, caller: () => ServiceCaller, logger: Logger): handleServerStreamingCall<unknown, unknown> {
  return (call) => {
    try {
      checkScope(caller(), method);
      throw notAvailable(method);
    } catch (error) {
      call.emit('error', toServiceError(error, method, logger));
    }
  };
}

export function toServiceError(error: unknown, method: string, logger: Logger): Partial<ServiceError> {
  if (isSluiceError(error)) return { code: GRPC_STATUS[error.kind], details: error.message };
  const code = error instanceof Error ? (error as Partial<ServiceError>).code : undefined;
  if (code === Status.UNIMPLEMENTED) return { code, details: (error as Error).message };
  logger.error({ event: 'plugin.service_api_failed', method, err: error }, 'A call of the Service API failed.');
  return { code: Status.INTERNAL, details: 'The host could not answer; its log has the reason.' };
}

function notAvailable(method: string): Error {
  return Object.assign(new Error(`${method} is not available on this host.`), { code: Status.UNIMPLEMENTED });
}
