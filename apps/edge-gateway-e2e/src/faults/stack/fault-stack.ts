import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePort, Toxiproxy, type FaultProxy } from '@sluice/testing';
import { newKeys, type StackKeys } from '../../stack/keys';
import { StudioApi } from '../../stack/studio-api';
import { FaultGateway } from './fault-gateway';
import { KillableServer } from './killable-server';
import { ServiceProcess } from './service-process';

const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' };
const GATEWAYS = ['one', 'two', 'three'];

/** The studio's lines to what it stands on. */
export interface StudioLines {
  postgres: FaultProxy;
  redis: FaultProxy;
}

/** A studio, a PostgreSQL, a Redis and three gateways as processes, with a fault proxy between each pair that talks. */
export class FaultStack {
  readonly folder = mkdtempSync(join(tmpdir(), 'sl-faults-'));
  readonly keys: StackKeys = newKeys();
  readonly postgres = new KillableServer('postgres', this.folder);
  readonly redis = new KillableServer('redis', this.folder);
  readonly gateways: FaultGateway[] = [];
  studio!: ServiceProcess;
  studioLines!: StudioLines;
  api!: StudioApi;
  private readonly studios: ServiceProcess[] = [];
  private readonly lines: FaultProxy[] = [];

  private constructor(private readonly toxiproxy: Toxiproxy) {}

  /** @param toxiproxy which several may share. */
  static async start(toxiproxy: Toxiproxy): Promise<FaultStack> {
    const stack = new FaultStack(toxiproxy);
    try {
      await stack.build();
      return stack;
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** And the administrator is logged in. */
  async startStudio(): Promise<void> {
    await this.studio.start('/readyz');
    await this.api.login(ADMIN.email, ADMIN.password);
  }

  /** Another process of the same studio, without proxies. @returns its API, with the administrator logged in. */
  async startSecondStudio(): Promise<{ process: ServiceProcess; api: StudioApi }> {
    const ports = { http: await freePort(), grpc: await freePort() };
    const process = this.newStudio('the second studio', ports, { databaseUrl: this.postgres.url.href, redisUrl: this.redis.url.href });
    await process.start('/readyz');
    const api = new StudioApi(process.url);
    await api.login(ADMIN.email, ADMIN.password);
    return { process, api };
  }

  async close(): Promise<void> {
    await Promise.all([...this.gateways, ...this.studios].map((process) => process.kill()));
    await Promise.all([this.redis.kill(), this.postgres.kill()]);
    rmSync(this.folder, { recursive: true, force: true });
    // Others go on with the Toxiproxy, where each of these has a port. If it is gone, so are they.
    await Promise.allSettled(this.lines.map((line) => line.remove()));
  }

  private async build(): Promise<void> {
    await Promise.all([this.postgres.start(), this.redis.start()]);
    const ports = { http: await freePort(), grpc: await freePort() };
    this.studioLines = { postgres: await this.line('studio-postgres', this.postgres.port), redis: await this.line('studio-redis', this.redis.port) };
    this.studio = this.newStudio('the studio', ports, {
      databaseUrl: this.postgres.urlThrough(this.studioLines.postgres.port),
      redisUrl: this.redis.urlThrough(this.studioLines.redis.port),
    });
    this.api = new StudioApi(this.studio.url);
    await this.startStudio();
    for (const name of GATEWAYS) this.gateways.push(await this.newGateway(name, ports));
    await Promise.all(this.gateways.map((gateway) => gateway.run('/livez')));
  }

  private newStudio(name: string, ports: { http: number; grpc: number }, servers: { databaseUrl: string; redisUrl: string }): ServiceProcess {
    const url = `http://127.0.0.1:${ports.http}`;
    const studio = new ServiceProcess(name, url, 'apps/studio/dist/main.js', {
      ...this.shared(),
      STUDIO_ROLE: 'all',
      STUDIO_HOST: '127.0.0.1',
      STUDIO_PORT: String(ports.http),
      STUDIO_GRPC_PORT: String(ports.grpc),
      STUDIO_PUBLIC_URL: url,
      STUDIO_SECRET_KEY: this.keys.studioSecretKey,
      SNAPSHOT_SIGNING_KEY: this.keys.signingKey,
      STUDIO_ADMIN_EMAIL: ADMIN.email,
      STUDIO_ADMIN_PASSWORD: ADMIN.password,
      DATABASE_URL: servers.databaseUrl,
      REDIS_URL: servers.redisUrl,
      PLUGIN_RUN_DIR: join(this.folder, `s${this.studios.length}`),
    });
    this.studios.push(studio);
    return studio;
  }

  private async newGateway(name: string, studio: { http: number; grpc: number }): Promise<FaultGateway> {
    const lines = {
      redis: await this.line(`${name}-redis`, this.redis.port),
      http: await this.line(`${name}-http`, studio.http),
      grpc: await this.line(`${name}-grpc`, studio.grpc),
    };
    const port = await freePort();
    const stateFolder = join(this.folder, `gateway-${name}`);
    return new FaultGateway(name, `http://127.0.0.1:${port}`, lines, stateFolder, {
      ...this.shared(),
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_NAME: name,
      GATEWAY_STATE_DIR: stateFolder,
      SNAPSHOT_PUBLIC_KEYS: this.keys.publicKey,
      REDIS_URL: this.redis.urlThrough(lines.redis.port),
      STUDIO_URL: `http://127.0.0.1:${lines.http.port}`,
      STUDIO_GRPC_URL: `127.0.0.1:${lines.grpc.port}`,
      PLUGIN_RUN_DIR: join(this.folder, `g${this.gateways.length}`),
    });
  }

  private async line(name: string, port: number): Promise<FaultProxy> {
    const line = await this.toxiproxy.proxy(`${basename(this.folder)}-${name}`, port);
    this.lines.push(line);
    return line;
  }

  private shared(): Record<string, string | undefined> {
    const { edgeSharedKey, edgeJoinToken } = this.keys;
    return { EDGE_SHARED_KEY: edgeSharedKey, EDGE_JOIN_TOKEN: edgeJoinToken, NODE_ENV: 'production', LOG_LEVEL: 'warn', TEST_DATABASE_URL: undefined, TEST_REDIS_URL: undefined };
  }
}
