import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from './repository';

/** The source of a plugin on the SDK whose class has these members. */
export function pluginSource(members: string): string {
  const sdk = JSON.stringify(join(repository, 'libs/plugin-sdk/dist/index.js'));
  return `const { BasePlugin, serve } = require(${sdk}); serve(new (class extends BasePlugin { ${members} })({ id: 'com.example.written', name: 'written', version: '1.0.0' }));\n`;
}

/** Writes such a plugin into a folder of its own, with a manifest that has `more` in it. @returns its command. */
export function writePlugin(parent: string, name: string, members: string, more: object = {}): string {
  const directory = join(parent, `plugin-${name}`);
  mkdirSync(directory, { recursive: true });
  const manifest = { id: 'com.example.written', name, version: '1.0.0', capabilities: { hooks: ['custom_endpoint'] }, ...more };
  writeFileSync(join(directory, 'plugin.manifest.json'), JSON.stringify(manifest));
  const entry = join(directory, 'main.js');
  writeFileSync(entry, pluginSource(members));
  return pathToFileURL(entry).href;
}
