import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractLines } from '../test-support/contract-lines';
import { compileProtoFiles } from '../test-support/descriptor-set';

/** The one package whose names and numbers are ours to change. */
const OURS = 'edge.v1';

describe('the wire contract', () => {
  const table = readFileSync(join(__dirname, '../contract-table.txt'), 'utf8').split('\n').filter((line) => line !== '');
  const lines = compileProtoFiles().filter((file) => file.package !== OURS).flatMap(contractLines);

  it('has every method, message, field and enum value of the table in the .proto files, with that number and type', () => {
    const compiled = new Set(lines);
    expect(table.filter((line) => !compiled.has(line))).toEqual([]);
  });

  it('has nothing in the .proto files that the table does not name', () => {
    const known = new Set(table);
    expect(lines.filter((line) => !known.has(line))).toEqual([]);
  });

  it('is a table of each fixed package, without repetitions', () => {
    expect(new Set(table).size).toBe(table.length);
    const services = new Set(table.flatMap((line) => /^rpc (\S+)\//.exec(line)?.[1] ?? []));
    expect([...services].sort()).toEqual([
      'ai_studio_management.AIStudioManagementService',
      'config_provider.ConfigProviderService',
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'microgateway_management.MicrogatewayManagementService',
      'plugin.GRPCBroker',
      'plugin.GRPCController',
      'plugin.GRPCStdio',
      'plugin.PluginService',
      'plugin_events.PluginEventService',
    ]);
  });
});
