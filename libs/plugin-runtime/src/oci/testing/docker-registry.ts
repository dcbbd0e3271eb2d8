import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { hexOf } from '../digest';

/** Debian's package `docker-registry`; a suite that needs it is skipped where it is not installed. */
export function isRegistryMissing(): boolean {
  return spawnSync('docker-registry', ['--version']).status !== 0;
}

/** A real registry on a port of this machine, with storage of its own. */
export class DockerRegistry {
  private process: ChildProcess | undefined;

  private constructor(
    readonly directory: string,
    readonly port: number,
    private readonly log: string[],
  ) {}

  static async start(auth = ''): Promise<DockerRegistry> {
    const registry = new DockerRegistry(mkdtempSync(join(tmpdir(), 'sldr-')), await freePort(), []);
    const { directory, port } = registry;
    const storage = `storage:\n  delete:\n    enabled: true\n  filesystem:\n    rootdirectory: ${directory}/storage\n`;
    writeFileSync(join(directory, 'config.yml'), `version: 0.1\nlog:\n  level: warn\n${storage}http:\n  addr: 127.0.0.1:${port}\n${auth.replaceAll('$DIRECTORY', directory)}`);
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  file(name: string, content: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, content);
    return path;
  }

  /** Cuts a blob that was pushed to this many bytes. */
  truncate(digest: string, bytes: number): void {
    const hex = hexOf(digest);
    truncateSync(join(this.directory, 'storage/docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data'), bytes);
  }

  async up(): Promise<void> {
    const child = spawn('docker-registry', ['serve', join(this.directory, 'config.yml')], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '', OTEL_TRACES_EXPORTER: 'none' } });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => this.log.push(data.toString()));
    const deadline = Date.now() + 20_000;
    for (;;) {
      const status = await request(`${this.origin}/v2/`).then(async ({ statusCode, body }) => (await body.dump(), statusCode), () => 0);
      if (status === 200 || status === 401) return;
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`docker-registry does not come up: ${this.log.join('')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async down(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.down();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
