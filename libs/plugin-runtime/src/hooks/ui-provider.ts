import { type GetAssetResponse, PluginServiceService } from '@sluice/contracts/plugin';
import type { PluginGeneration } from '../host/plugin-host';
import { pluginErrors } from '../plugin-errors';
import { callPlugin } from './call-plugin';

const ASSET_DEADLINE_MS = 10_000;
const CALL_DEADLINE_MS = 30_000;

/** Capability `studio_ui`: one of the plugin's files. `success=false` when there is none by this name. */
export function getAsset(generation: PluginGeneration, assetPath: string): Promise<GetAssetResponse> {
  return callPlugin(generation, PluginServiceService.getAsset, { assetPath }, ASSET_DEADLINE_MS);
}

/** Capability `studio_ui`: a call of the plugin's own pages. Payload and answer are JSON text. Throws `plugin.callFailed` with the plugin's sentence. */
export async function callRpc(generation: PluginGeneration, method: string, payload: string): Promise<string> {
  const { pluginId, serviceBrokerId } = generation;
  const answer = await callPlugin(generation, PluginServiceService.call, { method, payload, serviceBrokerId }, CALL_DEADLINE_MS);
  if (!answer.success) throw new pluginErrors.callFailed({ pluginId, method }, { detail: answer.errorMessage || undefined });
  return answer.data;
}
