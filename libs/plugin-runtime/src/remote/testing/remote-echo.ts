import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ENTRY = join(resolve(__dirname, '../../../../../examples/plugins'), 'echo-endpoint/dist/remote.js');

export interface RemoteEchoOptions {
  port?: number;
  certificateFile?: string;
  keyFile?: string;
  clientCaFile?: string;
}

/** The echo example as somebody else runs it: a process that listens and that no host has started. */
export class RemoteEcho {
  private constructor(
    private readonly child: ChildProcess,
    /** `grpc://host:port` */
    readonly command: string,
  ) {}

  static async start({ port = 0, certificateFile, keyFile, clientCaFile }: RemoteEchoOptions = {}): Promise<RemoteEcho> {
    const tls = certificateFile && keyFile ? ['--cert', certificateFile, '--key', keyFile, ...(clientCaFile ? ['--client-ca', clientCaFile] : [])] : [];
    const child = spawn(process.execPath, [ENTRY, '--port', String(port), ...tls], { env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'ignore'] });
    const line = await Promise.race([
      once(createInterface(child.stdout), 'line').then(([text]) => text as string),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${ENTRY} ended with ${code}: build the workspace first (npm run build).`))),
    ]);
    return new RemoteEcho(child, line);
  }

  get address(): string {
    return this.command.slice('grpc://'.length);
  }

  get port(): number {
    return Number(this.command.slice(this.command.lastIndexOf(':') + 1));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
