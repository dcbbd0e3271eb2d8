import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SDK = JSON.stringify(resolve(__dirname, '../../../../libs/plugin-sdk/dist/index.js'));

/** Small plugins on the SDK, a folder each, that `remove` takes away. */
export class MadePlugins {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-made-'));

  /**
   * @param manifest what differs from the manifest of a plugin that serves endpoints.
   * @param members the body of a class in JavaScript.
   * @returns the command that a registration names.
   */
  make(name: string, manifest: object = {}, members = ''): string {
    const directory = join(this.folder, name);
    mkdirSync(directory, { recursive: true });
    const whole = { id: `com.example.${name}`, name, version: '1.0.0', capabilities: { hooks: ['custom_endpoint'] }, ...manifest };
    writeFileSync(join(directory, 'plugin.manifest.json'), JSON.stringify(whole));
    writeFileSync(join(directory, 'main.js'), `const { BasePlugin, serve } = require(${SDK});\nserve(new (class extends BasePlugin { ${members} })(${JSON.stringify({ id: whole.id, version: whole.version })}));\n`);
    return `file://${join(directory, 'main.js')}`;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
