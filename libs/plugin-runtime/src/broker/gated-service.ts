import type { handleServerStreamingCall, handleUnaryCall, MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { BrokerService } from './broker-server';
import type { CallGate } from './call-gate';
import { guardHandler, guardStream, toServiceError } from './guard-handler';
import type { ServiceApi, ServiceCaller } from './service-api';

type Method = MethodDefinition<unknown, unknown>;
type Unary = handleUnaryCall<unknown, unknown>;
type Streaming = handleServerStreamingCall<unknown, unknown>;

/** Of each request that is being answered, in bytes: its handler sees the message alone. */
const sizes = new WeakMap<object, number>();

/** One service of the Service API for one plugin: gate, scope, handler. */
export function guardedService({ definition, handlers }: ServiceApi, caller: () => ServiceCaller, gate: CallGate, logger: Logger): BrokerService {
  const guarded = ([name, { path, responseStream }]: [string, Method]) => [name, responseStream ? guardStream(path, caller, logger) : guardHandler(path, handlers[name], caller, logger)];
  const implementation = Object.fromEntries((Object.entries(definition) as [string, Method][]).map(guarded)) as UntypedServiceImplementation;
  return gatedService({ definition, implementation }, caller, gate, logger);
}

/** The same service with the gate before each of its methods. */
export function gatedService(service: BrokerService, caller: () => ServiceCaller, gate: CallGate, logger: Logger): BrokerService {
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(service.definition) as [string, Method][]) {
    const admit = (request: unknown) => gate.admit(caller(), method.path, sizes.get(request as object) ?? 0);
    const ended = (error: object | null) => gate.ended(caller(), method.path, error);
    const handler = service.implementation[name];
    implementation[name] = method.responseStream ? gatedStream(handler as Streaming, admit, ended, method, logger) : gatedUnary(handler as Unary, admit, ended, method, logger);
  }
  return { definition: measuredDefinition(service.definition), implementation };
}

/** The same definition for a server whose handlers have the gate before them: it remembers how large each request was. */
export function measuredDefinition(definition: ServiceDefinition): ServiceDefinition {
  const measure = (method: Method): Method => ({
    ...method,
    requestDeserialize: (bytes: Buffer) => {
      const request = method.requestDeserialize(bytes);
      sizes.set(request as object, bytes.length);
      return request;
    },
  });
  return Object.fromEntries(Object.entries(definition).map(([name, method]) => [name, measure(method as Method)]));
}

type Admit = (request: unknown) => void;
type Ended = (error: object | null) => void;

function gatedUnary(handler: Unary, admit: Admit, ended: Ended, { path }: Method, logger: Logger): Unary {
  return (call, callback) => {
    try {
      admit(call.request);
    } catch (error) {
      callback(toServiceError(error, path, logger));
      return;
    }
    handler(call, (error, ...answer) => {
      ended(error);
      callback(error, ...answer);
    });
  };
}

function gatedStream(handler: Streaming, admit: Admit, ended: Ended, { path }: Method, logger: Logger): Streaming {
  return (call) => {
    try {
      admit(call.request);
    } catch (error) {
      call.emit('error', toServiceError(error, path, logger));
      return;
    }
    let failure: object | null = null;
    call.on('error', (error) => (failure = error));
    call.once('close', () => ended(failure));
    handler(call);
  };
}
