import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FaultProxy, waitFor } from '@sluice/testing';
import type { DiskFault } from './faulted-process';
import { ServiceProcess } from './service-process';

export interface GatewayLines {
  redis: FaultProxy;
  http: FaultProxy;
  grpc: FaultProxy;
}

/** A gateway, a proxy on each of its lines, and what the test does to it. */
export class FaultGateway extends ServiceProcess {
  /** Counts its starts and its ends: a request that saw the count change is nobody's fault. */
  life = 0;
  /** While false, requests may fail. */
  serving = false;

  constructor(
    name: string,
    url: string,
    readonly lines: GatewayLines,
    readonly stateFolder: string,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    super(name, url, 'apps/edge-gateway/dist/main.js', environment);
  }

  /** Resolves when it lives; or when it says that it serves, and then it has to. */
  async run(how: '/livez' | '/readyz'): Promise<void> {
    await this.start(how);
    if (how === '/readyz') this.nowServing();
  }

  /** Its disk fails from the first moment on, and it is not expected to get far. */
  runWith(disk: DiskFault): void {
    this.spawn([{ disk }]);
  }

  nowServing(): void {
    this.life += 1;
    this.serving = true;
  }

  override async kill(): Promise<void> {
    this.notServing();
    await super.kill();
  }

  override async end(): Promise<void> {
    this.notServing();
    await super.end();
  }

  /** It must not be running. */
  forgetSnapshots(): void {
    for (const file of this.snapshotFiles()) rmSync(file);
  }

  /** Where it keeps snapshots; its identity is elsewhere. */
  snapshotFiles(): string[] {
    return readdirSync(this.stateFolder).filter((name) => name.startsWith('snapshot')).map((name) => join(this.stateFolder, name));
  }

  async cutOff(): Promise<void> {
    await Promise.all(this.everyLine().map((line) => line.cut()));
  }

  async mend(): Promise<void> {
    await Promise.all(this.everyLine().map((line) => line.mend()));
  }

  get alive(): boolean {
    return this.child !== undefined && this.child.process.signalCode === null && this.child.process.exitCode === null;
  }

  /** Resolves when the process was killed by what it was told to do. */
  async untilDead(timeoutMs: number): Promise<void> {
    this.serving = false;
    await waitFor(() => !this.alive, { timeoutMs, message: `${this.name} has ended` });
    await this.kill();
  }

  /** The value of a metric with these labels, summed. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    const matching = lines.filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)));
    return matching.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf('}') + 1).trim().split(' ')[0]), 0);
  }

  /** What it says about itself, ready or not. */
  async readiness(): Promise<{ revision: number | null; root: string | null; source: string | null; config_age_seconds: number | null }> {
    return (await (await fetch(`${this.url}/readyz?verbose`)).json()) as never;
  }

  private everyLine(): FaultProxy[] {
    return [this.lines.redis, this.lines.http, this.lines.grpc];
  }

  private notServing(): void {
    this.serving = false;
    this.life += 1;
  }
}
