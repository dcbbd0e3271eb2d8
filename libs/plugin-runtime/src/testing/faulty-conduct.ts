import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `full`: its manifest declares every hook. `bare`: none that has an RPC of its own. */
export type Manner = 'full' | 'bare';

/** Entry files of plugins that break one rule of the protocol each; `faulty-conduct/faults.js` lists the faults. */
export class FaultyConduct {
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-conduct-'));

  entry(fault: string, manner: Manner): string {
    const path = join(this.directory, `${fault}-${manner}.js`);
    if (!existsSync(path)) writeFileSync(path, `require(${JSON.stringify(resolve(__dirname, 'faulty-conduct-process.js'))}).run(${JSON.stringify(fault)}, ${JSON.stringify(manner)});\n`);
    return path;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
