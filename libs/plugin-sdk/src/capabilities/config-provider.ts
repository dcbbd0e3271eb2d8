import { GetConfigSchemaResponse } from '@sluice/contracts/plugin';
import { unary } from './binding';

/** A document as an object, or as its JSON text. */
export type JsonDocument = object | string;

/** Hook `config_provider`: the JSON Schema of the configuration. Without it, `config_schema` of the manifest counts. */
export interface ConfigProvider {
  /** May be asked before `initialize`. */
  configSchema(): JsonDocument | Promise<JsonDocument>;
}

export const configProvider = [
  unary<'getConfigSchema', ConfigProvider>('getConfigSchema', {
    method: 'configSchema',
    answer: async (plugin) => GetConfigSchemaResponse.create({ success: true, schemaJson: jsonText(await plugin.configSchema()) }),
    otherwise: () => GetConfigSchemaResponse.create({ success: true, schemaJson: '{}' }),
    failed: (errorMessage) => GetConfigSchemaResponse.create({ success: false, errorMessage }),
  }),
];

export function jsonText(document: JsonDocument): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}
