import { GetManifestResponse } from '@sluice/contracts/plugin';
import { unary } from './binding';
import { type JsonDocument, jsonText } from './config-provider';

/**
 * Hook `manifest_provider`: what the plugin is and asks for. Without it, `plugin.manifest.json` or `manifest.json` beside the entry
 * file counts.
 */
export interface ManifestProvider {
  /** May be asked before `initialize`. */
  manifest(): JsonDocument | Promise<JsonDocument>;
}

export const manifestProvider = [
  unary<'getManifest', ManifestProvider>('getManifest', {
    method: 'manifest',
    answer: async (plugin) => GetManifestResponse.create({ success: true, manifestJson: jsonText(await plugin.manifest()) }),
    otherwise: () => GetManifestResponse.create({ success: false, errorMessage: 'This plugin has no manifest.' }),
    failed: (errorMessage) => GetManifestResponse.create({ success: false, errorMessage }),
  }),
];
