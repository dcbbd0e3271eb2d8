import { createPrivateKey, type KeyObject } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, duration, loadConfig, port, text } from '@sluice/platform-config';
import { telemetryConfig, type TelemetryConfig } from '@sluice/platform-telemetry';
import { pluginHostConfig, type PluginHostConfig } from '@sluice/plugin-runtime';
import { z } from 'zod';

export type StudioRole = 'api' | 'worker' | 'migrate' | 'all';

const key32 = z.string().transform((value, context) => {
  const key = Buffer.from(value, 'base64');
  if (key.length === 32) return key;
  context.addIssue({ code: 'custom', message: 'Write 32 random bytes in base64, as `openssl rand -base64 32` prints them.' });
  return z.NEVER;
});

const signingKey = z.string().transform((value, context): KeyObject => {
  try {
    const key = createPrivateKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, together with a key of another type.
  }
  context.addIssue({ code: 'custom', message: 'Write an Ed25519 private key as PKCS #8 DER in base64.' });
  return z.NEVER;
});

const processSection = z.object({
  STUDIO_ROLE: z.enum(['api', 'worker', 'migrate', 'all']).default('all').describe('What this process does. `all` migrates the database, serves the API and runs jobs.'),
});

const databaseSection = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'Write a URL such as postgres://user:password@host:5432/database.').describe('The Postgres database.'),
});

const serverSection = z
  .object({
    STUDIO_HOST: text.default('0.0.0.0').describe('The address to listen on, for HTTP and gRPC.'),
    STUDIO_PORT: port.default(3000).describe('The HTTP port: API, snapshots for gateways, health, metrics.'),
    STUDIO_GRPC_PORT: port.default(3001).describe('The gRPC port that gateways enrol and report at.'),
    STUDIO_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional().describe('Where browsers reach the studio. With https, cookies are marked Secure. Unset: http://localhost and the HTTP port.'),
    STUDIO_ADMIN_EMAIL: z.email().default('admin@sluice.local').describe('The administrator that is made on the first start.'),
    STUDIO_ADMIN_PASSWORD: z.string().min(8, 'Write at least 8 characters.').optional().describe('Its password. Unset: one is generated and printed once.'),
    STUDIO_SECRET_KEY: key32.describe('Encrypts secrets in the database; 32 bytes in base64.'),
  })
  .transform((env) => ({ ...env, publicUrl: new URL(env.STUDIO_PUBLIC_URL ?? `http://localhost:${env.STUDIO_PORT}`) }));

const edgeSection = z.object({
  EDGE_SHARED_KEY: key32.describe('The key that studio and gateways derive their keys for tokens, secrets and events from; 32 bytes in base64.'),
  EDGE_JOIN_TOKEN: z
    .string()
    .min(16, 'Write at least 16 characters.')
    .optional()
    .describe('An enrolment token that admits any number of gateways to every namespace, for development and for replicas that come and go. Unset: only tokens that were made over the API admit.'),
  SNAPSHOT_SIGNING_KEY: signingKey.describe('The Ed25519 private key that signs snapshots; PKCS #8 DER in base64.'),
});

const jobsSection = z
  .object({
    REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional().describe('Redis, which carries snapshots to gateways, events of plugins both ways and, by default, jobs.'),
    QUEUE_BACKEND: z.enum(['redis', 'postgres']).optional().describe('Where jobs wait. Unset: Redis when REDIS_URL is set, else Postgres.'),
    PLUGIN_RUN_DIR: text.default(join(tmpdir(), 'sluice-studio')).describe('Sockets and private folders of plugin processes. Keep the path short.'),
  })
  .transform((env, context) => {
    const backend = env.QUEUE_BACKEND ?? (env.REDIS_URL ? 'redis' : 'postgres');
    if (backend === 'redis' && !env.REDIS_URL) {
      context.addIssue({ code: 'custom', path: ['QUEUE_BACKEND'], message: 'redis needs REDIS_URL.' });
      return z.NEVER;
    }
    return { redisUrl: env.REDIS_URL, queueBackend: backend, pluginRunDirectory: env.PLUGIN_RUN_DIR };
  });

const pluginDataSection = z
  .object({
    PLUGIN_KV_QUOTA: bytes.default(67_108_864).describe('What one plugin may keep in the database of the studio, keys and values together.'),
    PLUGIN_DEAD_PAYLOADS_KEPT: duration.default(30 * 86_400_000).describe('How long a payload that its plugin did not take is kept after nobody tries any more.'),
  })
  .transform((env) => ({ pluginKvQuotaBytes: env.PLUGIN_KV_QUOTA, deadPayloadsKeptMs: env.PLUGIN_DEAD_PAYLOADS_KEPT }));

const snapshotSection = z
  .object({
    SNAPSHOT_RETENTION_DAYS: z.coerce
      .number('Write a whole number of days.')
      .int('Write a whole number of days.')
      .min(1, 'Keep snapshots for at least a day.')
      .max(36_500)
      .default(30)
      .describe('How long a revision that was published can be looked at and restored. The last 100 are kept however old they are.'),
  })
  .transform((env) => ({ snapshotRetentionMs: env.SNAPSHOT_RETENTION_DAYS * 86_400_000 }));

/** All sections by name; the settings page of the documentation is made from them. */
export const studioSections = {
  process: processSection,
  database: databaseSection,
  server: serverSection,
  edge: edgeSection,
  jobs: jobsSection,
  pluginHost: pluginHostConfig,
  pluginData: pluginDataSection,
  snapshots: snapshotSection,
  telemetry: telemetryConfig,
};

/** Everything the studio was told, with friendlier names. Inject it by its class. */
export class StudioConfig {
  role!: StudioRole;
  databaseUrl!: string;
  host!: string;
  port!: number;
  grpcPort!: number;
  publicUrl!: URL;
  admin!: { email: string; password: string | undefined };
  secretKey!: Buffer;
  edge!: { sharedKey: Buffer; joinToken: string | undefined };
  snapshotSigningKey!: KeyObject;
  redisUrl: string | undefined;
  queueBackend!: 'redis' | 'postgres';
  pluginRunDirectory!: string;
  pluginHost!: PluginHostConfig;
  pluginKvQuotaBytes!: number;
  deadPayloadsKeptMs!: number;
  snapshotRetentionMs!: number;
  telemetry!: TelemetryConfig;

  constructor(values: Omit<StudioConfig, 'serves' | 'works'>) {
    Object.assign(this, values);
  }

  /** Whether this process answers HTTP and gRPC. */
  get serves(): boolean {
    return this.role === 'api' || this.role === 'all';
  }

  /** Whether this process runs jobs. */
  get works(): boolean {
    return this.role === 'worker' || this.role === 'all';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

export function loadStudioConfig(environment: Environment = process.env): StudioConfig {
  const loaded = loadConfig(environment, studioSections);
  return new StudioConfig({
    role: loaded.process.STUDIO_ROLE,
    databaseUrl: loaded.database.DATABASE_URL,
    host: loaded.server.STUDIO_HOST,
    port: loaded.server.STUDIO_PORT,
    grpcPort: loaded.server.STUDIO_GRPC_PORT,
    publicUrl: loaded.server.publicUrl,
    admin: { email: loaded.server.STUDIO_ADMIN_EMAIL.toLowerCase(), password: loaded.server.STUDIO_ADMIN_PASSWORD },
    secretKey: loaded.server.STUDIO_SECRET_KEY,
    edge: { sharedKey: loaded.edge.EDGE_SHARED_KEY, joinToken: loaded.edge.EDGE_JOIN_TOKEN },
    snapshotSigningKey: loaded.edge.SNAPSHOT_SIGNING_KEY,
    ...loaded.jobs,
    pluginHost: loaded.pluginHost,
    ...loaded.pluginData,
    ...loaded.snapshots,
    telemetry: loaded.telemetry,
  });
}

/** What the migrate role needs: where the tables of rows and of jobs are. */
export function loadMigrateConfig(environment: Environment = process.env): { databaseUrl: string; queues: boolean; telemetry: TelemetryConfig } {
  const loaded = loadConfig(environment, { database: databaseSection, jobs: jobsSection, telemetry: telemetryConfig });
  return { databaseUrl: loaded.database.DATABASE_URL, queues: loaded.jobs.queueBackend === 'postgres', telemetry: loaded.telemetry };
}

export function readRole(environment: Environment = process.env): StudioRole {
  return loadConfig(environment, { process: processSection }).process.STUDIO_ROLE;
}
