import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from '../base-plugin';
import type { ConfigProvider, JsonDocument } from '../capabilities/config-provider';
import type { ManifestProvider } from '../capabilities/manifest-provider';

/** Where a manifest may lie, seen from the entry file: beside it, or in the package that was built into `dist`. */
const MANIFEST_FILES = ['plugin.manifest.json', 'manifest.json', '../plugin.manifest.json'];

type Declaring = Plugin & Partial<ManifestProvider & ConfigProvider>;

/** What the plugin says about itself without being asked to run: by its methods, else by the manifest file. */
export interface Declarations {
  /** Stand in for methods that the class does not have. */
  fallbacks: Partial<ManifestProvider & ConfigProvider>;
  manifest(): Promise<JsonDocument | undefined>;
  configSchema(): Promise<JsonDocument | undefined>;
}

export function declarationsOf(plugin: Declaring, entryFile: string | undefined): Declarations {
  const file = entryFile === undefined ? undefined : manifestFile(entryFile);
  const readManifest = plugin.manifest ? () => plugin.manifest?.() : file === undefined ? undefined : () => readFileSync(file, 'utf8');
  const manifest = async () => readManifest?.();
  const configSchema = async () => plugin.configSchema?.() ?? schemaOf(await manifest());
  return {
    manifest,
    configSchema,
    fallbacks: {
      ...(file !== undefined && { manifest: () => readFileSync(file, 'utf8') }),
      configSchema: async () => (await configSchema()) ?? {},
    },
  };
}

function manifestFile(entryFile: string): string | undefined {
  if (!existsSync(entryFile)) return undefined;
  const folder = dirname(realpathSync(entryFile));
  return MANIFEST_FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
}

function schemaOf(manifest: JsonDocument | undefined): JsonDocument | undefined {
  if (manifest === undefined) return undefined;
  const { config_schema: schema } = (typeof manifest === 'string' ? JSON.parse(manifest) : manifest) as { config_schema?: object };
  return schema;
}
