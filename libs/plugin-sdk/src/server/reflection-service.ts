import { status, type handleBidiStreamingCall, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { DescriptorFiles } from '@sluice/contracts/descriptor-files';
import { ServerReflectionRequest, ServerReflectionResponse, ServerReflectionService } from '@sluice/contracts/reflection';
import { ServerReflectionService as ServerReflectionAlphaService } from '@sluice/contracts/reflection-v1alpha';

type Answer = NonNullable<ServerReflectionResponse['messageResponse']>;

/** A server of any library, as far as its services go. */
export interface ServiceHost {
  addService(definition: ServiceDefinition, implementation: UntypedServiceImplementation): void;
}

/** Adds services to a server, and gRPC reflection (v1 and v1alpha, which are the same messages) of them and of itself. */
export function addServices(server: ServiceHost, services: readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[]): void {
  const definitions = [...services.map(([definition]) => definition), ServerReflectionService, ServerReflectionAlphaService];
  const reflection = { serverReflectionInfo: reflect(definitions.map(serviceName).sort()) };
  for (const [definition, implementation] of services) server.addService(definition, implementation);
  server.addService(ServerReflectionService, reflection);
  server.addService(ServerReflectionAlphaService, reflection);
}

function reflect(names: readonly string[]): handleBidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> {
  let loaded: DescriptorFiles | undefined;
  const files = () => (loaded ??= loadFiles());
  return (call) => {
    // A client that goes away in the middle wants no answer.
    call.on('error', () => undefined);
    call.on('data', (request: ServerReflectionRequest) => {
      call.write({ validHost: request.host, originalRequest: request, messageResponse: answer(request, names, files) });
    });
    call.on('end', () => call.end());
  };
}

/** Hosts never ask, so that the descriptors and the library that reads them are loaded for the first who does. */
function loadFiles(): DescriptorFiles {
  const { pluginServerFiles } = require('@sluice/contracts/descriptor-files') as typeof import('@sluice/contracts/descriptor-files');
  return pluginServerFiles();
}

function answer({ messageRequest: question }: ServerReflectionRequest, names: readonly string[], files: () => DescriptorFiles): Answer {
  switch (question?.$case) {
    case 'listServices':
      return { $case: 'listServicesResponse', value: { service: names.map((name) => ({ name })) } };
    case 'fileByFilename':
      return described(files().byName(question.value), `There is no file ${question.value}.`);
    case 'fileContainingSymbol':
      return described(files().bySymbol(question.value), `Nothing here is called ${question.value}.`);
    case 'fileContainingExtension':
      return fault(status.NOT_FOUND, `${question.value.containingType} has no extension ${question.value.extensionNumber}.`);
    case 'allExtensionNumbersOfType':
      return files().isMessage(question.value)
        ? { $case: 'allExtensionNumbersResponse', value: { baseTypeName: question.value, extensionNumber: [] } }
        : fault(status.NOT_FOUND, `There is no message ${question.value}.`);
    case undefined:
      return fault(status.INVALID_ARGUMENT, 'The request asks nothing.');
  }
}

function described(files: Buffer[] | undefined, otherwise: string): Answer {
  return files ? { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: files } } : fault(status.NOT_FOUND, otherwise);
}

function fault(errorCode: number, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}

/** `/plugin.PluginService/Initialize` → `plugin.PluginService` */
function serviceName(definition: ServiceDefinition): string {
  const [method] = Object.values(definition);
  return method?.path.split('/')[1] ?? '';
}
