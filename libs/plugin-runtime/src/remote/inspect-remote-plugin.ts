import { type PluginInspection, readConfigProvider } from '../hooks/config-provider';
import type { PluginTimings } from '../timings';
import type { RemoteAddress } from './parse-grpc-address';
import { RemoteConnection } from './remote-connection';

/** Asks a plugin that somebody else runs for its manifest and config schema, without `Initialize`. Throws StartFailure. */
export async function inspectRemotePlugin(remote: RemoteAddress, timings: PluginTimings): Promise<PluginInspection> {
  const connection = await RemoteConnection.create(remote);
  try {
    await connection.connect(timings.connectMs);
    return await readConfigProvider(connection.control, timings);
  } finally {
    connection.close();
  }
}
