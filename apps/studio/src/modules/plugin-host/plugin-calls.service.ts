import { Injectable } from '@nestjs/common';
import { CallRequest, CallResponse, GetAssetRequest, GetAssetResponse } from '@sluice/contracts/plugin';
import { callUnary, ChannelError, pluginErrors, type PluginGeneration } from '@sluice/plugin-runtime';
import type { RequestContext } from '../../http/request-context';
import { manifestOf, pluginServiceErrors, PluginService } from '../plugins';
import { StudioPluginHost } from './studio-plugin-host';

const CALL_DEADLINE_MS = 30_000;
const ASSET_DEADLINE_MS = 10_000;
const DEADLINE_EXCEEDED = 4;

export interface PluginAsset {
  content: Buffer;
  mimeType: string;
}

/** What a plugin's pages ask of their plugin: its RPC and its assets. */
@Injectable()
export class PluginCallsService {
  constructor(
    private readonly plugins: PluginService,
    private readonly host: StudioPluginHost,
  ) {}

  /** `payload` and the answer are JSON. */
  async call(ctx: RequestContext, id: number, method: string, payload: unknown): Promise<unknown> {
    if (!/^[\w.-]{1,200}$/.test(method)) throw new pluginServiceErrors.badMethod({ id });
    await this.plugins.get(ctx, id);
    const generation = await this.generation(id);
    const request = CallRequest.encode({ method, payload: JSON.stringify(payload ?? {}), serviceBrokerId: generation.serviceBrokerId }).finish();
    const answer = CallResponse.decode(await ask(generation, 'Call', request, CALL_DEADLINE_MS));
    if (!answer.success) throw new pluginErrors.callFailed({ pluginId: id, method }, { detail: answer.errorMessage || undefined });
    return readJson(answer.data, id, method);
  }

  /** Only what the manifest lists. */
  async asset(ctx: RequestContext, id: number, path: string): Promise<PluginAsset> {
    const plugin = await this.plugins.get(ctx, id);
    if (!manifestOf(plugin)?.assets.includes(path)) throw new pluginServiceErrors.assetNotFound({ id, path });
    const request = GetAssetRequest.encode({ assetPath: path }).finish();
    const answer = GetAssetResponse.decode(await ask(await this.generation(id), 'GetAsset', request, ASSET_DEADLINE_MS));
    if (!answer.success) throw new pluginServiceErrors.assetNotFound({ id, path, reason: answer.errorMessage });
    return { content: answer.content, mimeType: isMimeType(answer.mimeType) ? answer.mimeType : 'application/octet-stream' };
  }

  private async generation(id: number): Promise<PluginGeneration> {
    const generation = await this.host.demand(id);
    if (generation) return generation;
    const reason = this.host.status(id)?.reason || this.host.unusableReason(id);
    throw new pluginErrors.notLoaded({ pluginId: id }, { detail: reason && `The plugin is not running. ${reason}` });
  }
}

async function ask(generation: PluginGeneration, rpc: string, request: Uint8Array, deadlineMs: number): Promise<Uint8Array> {
  try {
    return await callUnary(generation.channel, `/plugin.PluginService/${rpc}`, request, { deadlineMs });
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const details = { pluginId: generation.pluginId, rpc, status: error.status, reason: error.message };
    if (error.status === DEADLINE_EXCEEDED) throw new pluginErrors.callTimedOut(details, { cause: error });
    throw new pluginErrors.callFailed(details, { cause: error });
  }
}

function readJson(text: string, pluginId: number, method: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new pluginErrors.callFailed({ pluginId, method }, { cause, detail: 'The plugin answered something that is not JSON.' });
  }
}

function isMimeType(text: string): boolean {
  return /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w-]+=[\w."-]+)*$/.test(text);
}
