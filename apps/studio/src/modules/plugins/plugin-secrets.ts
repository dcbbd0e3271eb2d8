import { Injectable } from '@nestjs/common';
import { openConfig, sealConfig, type JsonObject } from '@sluice/config-snapshot';
import { secretPaths } from '@sluice/plugin-manifest';
import { StudioConfig } from '../../config';
import { sealedPointers } from './secret-config';

type StoredPlugin = { id: number; config: JsonObject; configSchema: JsonObject | null };

/** Secrets of plugin configs at rest: AES-256-GCM with the studio's secret key, each bound to its plugin and its place. */
@Injectable()
export class PluginSecrets {
  constructor(private readonly studio: StudioConfig) {}

  seal(id: number, config: JsonObject, secretPointers: readonly string[]): JsonObject {
    return sealConfig(config, secretPointers, this.studio.secretKey, placeOf(id));
  }

  /** The config with its secrets in clear: for the plugin's process and for validation, never for an answer or a log. */
  open(plugin: Pick<StoredPlugin, 'id' | 'config'>): JsonObject {
    return openConfig(plugin.config, this.studio.secretKey, placeOf(plugin.id));
  }
}

/** What is secret in a config: what its schema says now, and what was stored as a secret before. */
export function secretPointersOf(plugin: Pick<StoredPlugin, 'config' | 'configSchema'>): string[] {
  const ofSchema = plugin.configSchema ? secretPaths(plugin.configSchema) : [];
  return [...new Set([...ofSchema, ...sealedPointers(plugin.config)])];
}

function placeOf(id: number): string {
  return `studio plugin ${id}`;
}
