import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Deployment } from '../deployment/deployment';

/** What can be wrong with the plugin of `faulty-plugin-process.js`; `none` is a plugin that is well. */
export type Fault =
  | 'none'
  | 'garbage'
  | 'garbage-and-exit'
  | 'exit-at-once'
  | 'hang-in-handshake'
  | 'no-line-end'
  | 'wrong-protocol-version'
  | 'socket-that-nobody-serves'
  | 'hang-in-initialize'
  | 'refuse-initialize'
  | 'error-in-initialize'
  | 'exit-in-initialize'
  | 'exit-after-ready'
  | 'panic-after-ready'
  | 'ignore-shutdown'
  | 'flood'
  | 'start-a-child'
  | 'unhealthy'
  | 'unhealthy-after-initialize'
  | 'stop-answering-health'
  | 'garbage-on-stdio'
  | 'fail-questions'
  | 'fail-endpoints'
  | 'on-tcp'
  | 'on-tcp-with-certificate';

/** A folder with an entry file for each fault that is asked for. */
export class FaultyPlugins {
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-faulty-'));

  deployment(fault: Fault): Deployment {
    const path = join(this.directory, `${fault}.js`);
    writeFileSync(path, `require(${JSON.stringify(resolve(__dirname, 'faulty-plugin-process.js'))}).run(${JSON.stringify(fault)});\n`);
    return { kind: 'file', path };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
