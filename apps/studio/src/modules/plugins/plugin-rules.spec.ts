import type { JsonObject } from '@sluice/config-snapshot';
import type { PluginPackage } from './plugin-package';
import { readPluginPackage } from './plugin-package';
import { checkPlugin, runsOn } from './plugin-rules';

function packageOf(hooks: string[], configSchema: JsonObject | null = null): PluginPackage {
  const manifest = { id: 'com.example.echo', name: 'Echo', version: '1.0.0', capabilities: { hooks } };
  const read = readPluginPackage({ manifestJson: JSON.stringify(manifest), configSchemaJson: configSchema ? JSON.stringify(configSchema) : '' });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.package;
}

const SCHEMA: JsonObject = { type: 'object', properties: { content: { type: 'string' } }, required: ['content'], additionalProperties: false };

function faultsOf(result: ReturnType<typeof checkPlugin>): string[] {
  return result.ok ? [] : result.faults.map((fault) => `${fault.pointer} ${fault.message}`);
}

describe('checkPlugin', () => {
  it('takes the hooks of the manifest and the slug of the config', () => {
    expect(checkPlugin({ hookTypes: undefined, config: { slug: 'echo' } }, packageOf(['custom_endpoint', 'studio_ui']))).toEqual({
      ok: true,
      hookTypes: ['custom_endpoint', 'studio_ui'],
      slug: 'echo',
    });
  });

  it('lets a registration narrow the hooks', () => {
    expect(checkPlugin({ hookTypes: ['studio_ui'], config: {} }, packageOf(['custom_endpoint', 'studio_ui']))).toEqual({ ok: true, hookTypes: ['studio_ui'], slug: null });
  });

  it('never lets it widen them', () => {
    expect(faultsOf(checkPlugin({ hookTypes: ['studio_ui', 'agent'], config: {} }, packageOf(['studio_ui'])))).toEqual([
      `/hook_types/1 The plugin's manifest does not declare "agent". It declares studio_ui.`,
    ]);
  });

  it('names a hook that does not exist', () => {
    expect(faultsOf(checkPlugin({ hookTypes: ['endpoint'], config: {} }, packageOf(['studio_ui'])))[0]).toMatch(/^\/hook_types\/0 There is no hook "endpoint"/);
  });

  it('asks for hooks when there is no manifest, and believes them', () => {
    const facts: PluginPackage = { manifest: null, configSchema: null, warnings: [], digest: null };
    expect(faultsOf(checkPlugin({ hookTypes: undefined, config: {} }, facts))[0]).toMatch(/^\/hook_types /);
    expect(checkPlugin({ hookTypes: ['response'], config: {} }, facts)).toEqual({ ok: true, hookTypes: ['on_response'], slug: null });
  });

  it('refuses endpoints without a slug and says what it is for', () => {
    expect(faultsOf(checkPlugin({ hookTypes: undefined, config: {} }, packageOf(['custom_endpoint'])))).toEqual([
      '/config/slug A plugin with custom endpoints needs a "slug" in its config: it is the first part of its address, /plugins/{slug}/…',
    ]);
  });

  it.each(['Echo', 'a/b', '-a', 'x'.repeat(64), 7])('refuses the slug %p', (slug) => {
    expect(faultsOf(checkPlugin({ hookTypes: undefined, config: { slug } }, packageOf(['custom_endpoint'])))[0]).toMatch(/^\/config\/slug A slug consists/);
  });

  it('points into the config at what its schema refuses, and leaves a slug alone that the schema does not know', () => {
    expect(faultsOf(checkPlugin({ hookTypes: undefined, config: { slug: 'echo', content: 1 } }, packageOf(['custom_endpoint'], SCHEMA)))).toEqual(['/config/content Write a string here.']);
  });

  it('reports faults of several kinds at once', () => {
    expect(faultsOf(checkPlugin({ hookTypes: undefined, config: {} }, packageOf(['custom_endpoint'], SCHEMA))).map((line) => line.split(' ')[0])).toEqual(['/config/slug', '/config/content']);
  });
});

describe('readPluginPackage', () => {
  it.each(['', '{}', ' { } '])('takes %p for no manifest and no schema', (text) => {
    expect(readPluginPackage({ manifestJson: text, configSchemaJson: text })).toEqual({ ok: true, package: { manifest: null, configSchema: null, warnings: [], digest: null } });
  });

  it('points at every fault of manifest and schema', () => {
    const read = readPluginPackage({ manifestJson: '{"id":"com.example.x","name":"X","version":"1.0.0","capabilities":{"hooks":["nothing"]}}', configSchemaJson: '{"type":"strin"}' });
    expect(read.ok ? [] : read.faults.map((fault) => fault.pointer)).toEqual(expect.arrayContaining([expect.stringMatching(/^\/manifest\/capabilities\/hooks/), expect.stringMatching(/^\/config_schema/)]));
  });

  it("prefers the plugin's answer to the manifest's schema", () => {
    const manifest = { id: 'com.example.x', name: 'X', version: '1.0.0', capabilities: { hooks: ['studio_ui'] }, config_schema: { type: 'object', title: 'manifest' } };
    const read = readPluginPackage({ manifestJson: JSON.stringify(manifest), configSchemaJson: '{"type":"object","title":"answer"}' });
    expect(read.ok && read.package.configSchema).toEqual({ type: 'object', title: 'answer' });
  });
});

describe('runsOn', () => {
  it('follows the hooks', () => {
    expect(runsOn('gateway', ['studio_ui'])).toBe(false);
    expect(runsOn('studio', ['custom_endpoint'])).toBe(false);
    expect(runsOn('studio', ['custom_endpoint', 'studio_ui'])).toBe(true);
  });
});
