import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveEdgeKeys, pinnedKeys } from '@sluice/config-snapshot';
import { bytes, duration, flag, loadConfig, port, text } from '@sluice/platform-config';
import { telemetryConfig } from '@sluice/platform-telemetry';
import { pluginHostConfig } from '@sluice/plugin-runtime';
import { z } from 'zod';
import { clientsConfig } from './http/clients-config';
import { workersConfig } from './workers/worker-count';

const httpConfig = z
  .object({
    GATEWAY_HOST: text.default('0.0.0.0').describe('The address to listen on.'),
    GATEWAY_PORT: port.default(8081).describe('The port to listen on.'),
  })
  .transform((env) => ({ host: env.GATEWAY_HOST, port: env.GATEWAY_PORT }));

const identityConfig = z
  .object({
    GATEWAY_NAME: text.default(hostname()).describe('The name of this gateway, unique in its namespace. Default: the host name.'),
    GATEWAY_NAMESPACE: z.string().default('').describe('Whose configuration it serves; empty for the default namespace.'),
    GATEWAY_STATE_DIR: text.default('/var/lib/sluice-gateway').describe('Where the last good snapshots and the identity of this gateway are kept.'),
  })
  .transform((env) => ({ name: env.GATEWAY_NAME, namespace: env.GATEWAY_NAMESPACE, stateFolder: env.GATEWAY_STATE_DIR }));

const pluginConfig = z
  .object({
    PLUGIN_RUN_DIR: text.default(join(tmpdir(), 'sluice-gateway')).describe('Where plugin processes have their sockets. A short path.'),
    PLUGIN_KV_QUOTA: bytes.default(67_108_864).describe('What one plugin may keep on the disk of this gateway, keys and values together.'),
    PLUGIN_OUTBOX_QUOTA: bytes.default(268_435_456).describe('How much of what one plugin queued for the studio may wait on the disk of this gateway.'),
  })
  .transform((env) => ({ runFolder: env.PLUGIN_RUN_DIR, kvQuotaBytes: env.PLUGIN_KV_QUOTA, outboxQuotaBytes: env.PLUGIN_OUTBOX_QUOTA }));

const sharedKey = z.string().transform((value, context) => {
  try {
    return deriveEdgeKeys(Buffer.from(value, 'base64'));
  } catch {
    context.addIssue({ code: 'custom', message: 'Write 32 bytes in base64, the same on studio and gateways.' });
    return z.NEVER;
  }
});

const publicKeys = z.string().transform((value, context) => {
  try {
    return pinnedKeys(value.split(',').map((key) => key.trim()).filter((key) => key !== ''));
  } catch {
    context.addIssue({ code: 'custom', message: 'Write Ed25519 public keys, 32 bytes each in base64, with commas between them.' });
    return z.NEVER;
  }
});

const trustConfig = z
  .object({
    EDGE_SHARED_KEY: sharedKey
      .optional()
      .describe('32 bytes in base64, the same as the studio has: for tokens and events until the studio has sealed keys to this gateway. Unset: both wait for that.'),
    SNAPSHOT_PUBLIC_KEYS: publicKeys
      .refine((keys) => keys.size > 0, 'Name at least one public key.')
      .describe('The keys that may sign snapshots, with commas between them.'),
  })
  .transform((env) => ({ shared: env.EDGE_SHARED_KEY, publicKeys: env.SNAPSHOT_PUBLIC_KEYS }));

const linkConfig = z
  .object({
    REDIS_URL: text.optional().describe('Where announcements of snapshots arrive, and events of plugins come and go. Unset: not at all.'),
    STUDIO_URL: z.url('Write a URL such as http://studio:3000.').optional().describe('Where snapshots are fetched when Redis does not have them.'),
    STUDIO_GRPC_URL: z
      .string()
      .regex(/^[^/\s]+:\d+$/, 'Write host:port, such as studio:3001.')
      .optional()
      .describe('Where this gateway enrols, and reports what it runs. Needed with STUDIO_URL.'),
    GATEWAY_ENROLMENT_TOKEN: z.string().default('').describe('Admits this gateway at its first start, when the studio does not know it: a token made for its namespace. Not needed afterwards.'),
    EDGE_JOIN_TOKEN: z.string().default('').describe('The same where GATEWAY_ENROLMENT_TOKEN is unset: the token with unlimited uses that the studio has under this name.'),
  })
  .refine((env) => env.STUDIO_URL === undefined || env.STUDIO_GRPC_URL !== undefined, {
    path: ['STUDIO_GRPC_URL'],
    message: 'Is required with STUDIO_URL: the studio gives snapshots to gateways that enrolled there.',
  })
  .transform((env) => ({ redisUrl: env.REDIS_URL, studioUrl: env.STUDIO_URL, studioGrpcUrl: env.STUDIO_GRPC_URL, enrolmentToken: env.GATEWAY_ENROLMENT_TOKEN || env.EDGE_JOIN_TOKEN }));

const endpointConfig = z
  .object({
    PLUGIN_ENDPOINT_STREAM_TIMEOUT: duration
      .refine((ms) => ms > 0, 'Write a duration longer than 0.')
      .default(300_000)
      .describe('How long the answer of a streaming plugin endpoint may take.'),
    PLUGIN_ENDPOINT_MAX_BODY_SIZE: bytes.default(1_048_576).describe('The largest body of a request to a plugin endpoint.'),
    CONFIG_REVISION_HEADER: flag.default(false).describe('Whether every answer of an endpoint names the revision of the configuration that gave it, in X-Config-Revision; otherwise those to requests with that header.'),
  })
  .transform((env) => ({ streamTimeoutMs: env.PLUGIN_ENDPOINT_STREAM_TIMEOUT, maxBodyBytes: env.PLUGIN_ENDPOINT_MAX_BODY_SIZE, tellsRevision: env.CONFIG_REVISION_HEADER }));

/** Every setting of the gateway by section; the settings page is generated from it. */
export const gatewaySections = {
  http: httpConfig,
  clients: clientsConfig,
  workers: workersConfig,
  identity: identityConfig,
  plugins: pluginConfig,
  pluginHost: pluginHostConfig,
  trust: trustConfig,
  link: linkConfig,
  endpoints: endpointConfig,
  telemetry: telemetryConfig,
};

export type GatewayConfig = ReturnType<typeof readConfig>;

/** Reads the environment: nothing else in the gateway does. Throws ConfigError with every problem. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  return loadConfig(environment, gatewaySections);
}
