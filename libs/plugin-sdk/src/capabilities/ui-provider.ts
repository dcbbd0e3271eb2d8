import { AssetInfo, CallResponse, GetAssetResponse, ListAssetsResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { type Body, bodyToWire } from './http';
import { resultToJson, valueFromJson } from './rpc-json';

export interface Asset {
  content: Body;
  mimeType: string;
}

export interface AssetEntry {
  path: string;
  mimeType: string;
  /** In bytes. */
  size: number;
}

/** Hook `studio_ui`: pages in the studio, and what they call. Implement what is needed of it. */
export interface UiProvider {
  /** A file of the user interface; undefined when there is none of this name. Paths are relative and come from the outside. */
  getAsset?(ctx: Context, path: string): Asset | undefined | Promise<Asset | undefined>;
  listAssets?(ctx: Context, prefix: string): readonly AssetEntry[] | Promise<readonly AssetEntry[]>;
  /** A call of the plugin's own pages. Payload and result are JSON values; what is thrown is told to the page. */
  handleRpc?(ctx: Context, method: string, payload: unknown): unknown;
}

export const uiProvider = [
  unary<'getAsset', Required<UiProvider>>('getAsset', {
    method: 'getAsset',
    answer: async (plugin, ctx, { assetPath }) => {
      const asset = await plugin.getAsset(ctx, assetPath);
      if (!asset) return noAsset('There is no such asset.');
      const content = bodyToWire(asset.content);
      return GetAssetResponse.create({ success: true, content, mimeType: asset.mimeType, contentLength: BigInt(content.length) });
    },
    otherwise: () => noAsset('This plugin has no assets.'),
    failed: noAsset,
  }),
  unary<'listAssets', Required<UiProvider>>('listAssets', {
    method: 'listAssets',
    answer: async (plugin, ctx, { pathPrefix }) => {
      const assets = await plugin.listAssets(ctx, pathPrefix);
      return ListAssetsResponse.create({ success: true, assets: assets.map(entryToWire) });
    },
    otherwise: () => ListAssetsResponse.create({ success: false, errorMessage: 'This plugin does not list assets.' }),
    failed: (errorMessage) => ListAssetsResponse.create({ success: false, errorMessage }),
  }),
  unary<'call', Required<UiProvider>>('call', {
    method: 'handleRpc',
    answer: async (plugin, ctx, { method, payload }) =>
      CallResponse.create({ success: true, data: resultToJson(await plugin.handleRpc(ctx, method, valueFromJson(payload))) }),
    otherwise: () => CallResponse.create({ success: false, errorMessage: 'This plugin does not handle calls.' }),
    failed: (errorMessage) => CallResponse.create({ success: false, errorMessage }),
  }),
];

function noAsset(message: string): GetAssetResponse {
  return GetAssetResponse.create({ success: false, errorMessage: message });
}

function entryToWire({ path, mimeType, size }: AssetEntry): AssetInfo {
  return AssetInfo.create({ path, mimeType, size: BigInt(size) });
}
