import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Deployment } from '../deployment/deployment';

/**
 * A plugin that calls its host only when its endpoints are asked to, each time over connections of its own, as a compiled plugin that dials
 * the broker does: `/kv?connections=10` takes an announcement and opens a connection ten times one after the other, `/pretend?as=8` names
 * another plugin in every field and header that it can set.
 */
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
