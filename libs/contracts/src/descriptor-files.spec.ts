import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { pluginServerFiles } from './descriptor-files';

const files = pluginServerFiles();
const names = (found: Buffer[] | undefined) => found?.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);

describe('the files of a plugin server', () => {
  it.each([
    ['a service', 'plugin.PluginService', 'plugin/plugin_service.proto'],
    ['a method', 'plugin.PluginService.Initialize', 'plugin/plugin_service.proto'],
    ['a message', 'plugin.EndpointRequest', 'plugin/plugin_service.proto'],
    ['a message inside another', 'plugin.ConnInfo.Knock', 'plugin/go_plugin.proto'],
    ['a field', 'plugin.ConnInfo.service_id', 'plugin/go_plugin.proto'],
    ['an enum', 'grpc.health.v1.HealthCheckResponse.ServingStatus', 'grpc/health/v1/health.proto'],
    ['reflection itself', 'grpc.reflection.v1.ServerReflection', 'grpc/reflection/v1/reflection.proto'],
  ])('are found by %s', (_what, symbol, file) => {
    expect(names(files.bySymbol(symbol))?.[0]).toBe(file);
  });

  it.each(['', '.', 'plugin', 'plugin.Nothing', 'plugin.PluginService.Nothing', 'plugin.ConnInfo.nothing', 'ai_studio_management.App'])('know nothing of "%s"', (symbol) => {
    expect(files.bySymbol(symbol)).toBeUndefined();
  });

  it('come with what they import, each once and the one that was asked for first', () => {
    expect(names(files.byName('plugin/go_plugin.proto'))).toEqual(['plugin/go_plugin.proto', 'google/protobuf/empty.proto']);
    expect(files.byName('google/protobuf/empty.proto')).toHaveLength(1);
    expect(files.byName('plugin/nothing.proto')).toBeUndefined();
  });

  it('tell messages from the rest', () => {
    expect(['plugin.App', 'plugin.PluginService', 'plugin.Nothing'].map((name) => files.isMessage(name))).toEqual([true, false, false]);
  });
});
