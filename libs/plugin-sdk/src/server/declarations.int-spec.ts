import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BasePlugin } from '../base-plugin';
import { declarationsOf } from './declarations';

class Plain extends BasePlugin {
  constructor() {
    super({ id: 'com.example.plain', version: '1.0.0' });
  }
}

const fileManifest = JSON.stringify({ id: 'from-file', config_schema: { title: 'from file' } });
let folder: string;
let entry: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'declarations'));
  mkdirSync(join(folder, 'dist'));
  entry = join(folder, 'dist/main.js');
  writeFileSync(entry, '');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('declarationsOf', () => {
  it.each(['dist/plugin.manifest.json', 'dist/manifest.json', 'plugin.manifest.json'])('reads %s', async (path) => {
    writeFileSync(join(folder, path), fileManifest);
    const declarations = declarationsOf(new Plain(), entry);
    expect(await declarations.manifest()).toBe(fileManifest);
    expect(await declarations.configSchema()).toEqual({ title: 'from file' });
    expect(await declarations.fallbacks.manifest?.()).toBe(fileManifest);
  });

  it('finds it through a link to the entry file, as package managers make them', async () => {
    writeFileSync(join(folder, 'dist/manifest.json'), fileManifest);
    symlinkSync(entry, join(folder, 'linked.js'));
    expect(await declarationsOf(new Plain(), join(folder, 'linked.js')).manifest()).toBe(fileManifest);
  });

  it('prefers what the class says', async () => {
    writeFileSync(join(folder, 'dist/manifest.json'), fileManifest);
    const plugin = Object.assign(new Plain(), { manifest: () => ({ id: 'from-class', config_schema: { title: 'from class' } }) });
    const declarations = declarationsOf(plugin, entry);
    expect(await declarations.manifest()).toMatchObject({ id: 'from-class' });
    expect(await declarations.configSchema()).toEqual({ title: 'from class' });
    const withSchema = declarationsOf(Object.assign(plugin, { configSchema: () => '{"title":"own"}' }), entry);
    expect(await withSchema.configSchema()).toBe('{"title":"own"}');
  });

  it('knows of neither when there is neither', async () => {
    const declarations = declarationsOf(new Plain(), entry);
    expect([await declarations.manifest(), await declarations.configSchema(), declarations.fallbacks.manifest]).toEqual([undefined, undefined, undefined]);
    expect(await declarations.fallbacks.configSchema?.()).toEqual({});
  });
});
