import { ConfigPingResponse, type ConfigProviderServiceServer, ConfigSchemaResponse, GetManifestResponse } from '@sluice/contracts/config-provider';
import { type JsonDocument, jsonText } from '../capabilities/config-provider';
import type { Logger } from '../services/logger';
import { messageOf } from './author-error';
import type { Declarations } from './declarations';

/** `config_provider.ConfigProviderService`: what a host asks before it decides to run the plugin. */
export function configProviderService(declarations: Declarations, logger: Logger): ConfigProviderServiceServer {
  const read = async (what: string, document: Promise<JsonDocument | undefined>) => {
    try {
      return { success: true, text: jsonText((await document) ?? {}), errorMessage: '' };
    } catch (error) {
      logger.error(`The ${what} could not be read.`, { error });
      return { success: false, text: '', errorMessage: messageOf(error) };
    }
  };
  return {
    ping: (call, callback) => callback(null, ConfigPingResponse.create({ timestamp: call.request.timestamp, healthy: true })),
    getConfigSchema: (_call, callback) => {
      void read('config schema', declarations.configSchema()).then(({ text, ...answer }) =>
        callback(null, ConfigSchemaResponse.create({ ...answer, schemaJson: text })),
      );
    },
    getManifest: (_call, callback) => {
      void read('manifest', declarations.manifest()).then(({ text, ...answer }) =>
        callback(null, GetManifestResponse.create({ ...answer, manifestJson: text })),
      );
    },
  };
}
