import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@sluice/config-snapshot';
import { isSluiceError } from '@sluice/kernel';
import type { ServiceCaller } from '@sluice/plugin-runtime';
import type { RequestContext } from '../../http/request-context';
import { pluginServiceErrors, PluginService } from '../plugins';
import { serviceApiErrors } from './service-api-errors';

const MAX_CONFIG_BYTES = 262_144;

/** A plugin's write of a config: the very write that the API does, with the plugin as the one who did it. */
@Injectable()
export class PluginConfigUpdateService {
  constructor(private readonly plugins: PluginService) {}

  /** A plugin may always change its own config; another one's only with `plugins.write`, since `plugins.config` speaks of its own. */
  async update(caller: ServiceCaller, organizationId: number, pluginId: number, configJson: string): Promise<void> {
    const target = pluginId === 0 ? caller.pluginId : pluginId;
    if (target !== caller.pluginId && !caller.approvedScopes.includes('plugins.write')) {
      throw new serviceApiErrors.notYourPlugin({ pluginId: caller.pluginId, target });
    }
    const config = readConfig(configJson);
    await this.plugins.updateConfig(contextOf(caller, organizationId), target, config).catch((error: unknown) => {
      throw withPointers(error);
    });
  }
}

export function contextOf(caller: ServiceCaller, organizationId: number): RequestContext {
  const traceId = randomUUID().replaceAll('-', '');
  return { requestId: randomUUID(), traceId, ip: '', actor: { kind: 'plugin', pluginId: caller.pluginId, organizationId }, scopes: caller.approvedScopes };
}

function readConfig(text: string): JsonObject {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES) throw new serviceApiErrors.badConfig({}, { detail: `The config may have at most ${MAX_CONFIG_BYTES} bytes.` });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new serviceApiErrors.badConfig({}, { cause, detail: 'The config is not valid JSON.' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new serviceApiErrors.badConfig();
  return value as JsonObject;
}

/** A gRPC status has one sentence, so the faults go into it. */
function withPointers(error: unknown): unknown {
  if (!isSluiceError(error) || error.faults.length === 0) return error;
  const sentences = error.faults.map((fault) => `${fault.pointer}: ${fault.message}`).join(' ');
  return new pluginServiceErrors.invalid(error.details, { detail: sentences, cause: error, faults: error.faults });
}
