import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Deployment } from '../deployment/deployment';

/** A plugin that calls its host when its endpoints are asked to, and dials the broker as a compiled plugin does. */
export class CallerPlugin {
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-caller-'));

  deployment(): Deployment {
    const path = join(this.directory, 'main.js');
    writeFileSync(path, `require(${JSON.stringify(resolve(__dirname, 'caller-plugin-process.js'))}).run();\n`);
    return { kind: 'file', path };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
