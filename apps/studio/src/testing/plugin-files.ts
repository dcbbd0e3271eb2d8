import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The example plugin, as it was built. */
export const ECHO_PLUGIN = `file://${resolve(__dirname, '../../../../examples/plugins/echo-endpoint/dist/main.js')}`;

/** Files that pass for plugins, in a folder that `remove` takes away. */
export class PluginFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-plugin-files-'));

  /** @returns the command that a registration names. */
  write(name: string, content: string, mode = 0o755): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return `file://${path}`;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
