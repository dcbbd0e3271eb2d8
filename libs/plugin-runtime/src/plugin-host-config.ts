import { bytes, text } from '@sluice/platform-config';
import { z } from 'zod';
import { TRANSPORT_CHOICES } from './connect/transport';
import type { PluginHostPolicy, UidRange } from './host/plugin-host-policy';
import { AllowedRegistries } from './oci/allowed-registries';
import type { ReverseOptions } from './remote/reverse-options';

const positiveInteger = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'Write a whole number from 1.')
  .transform(Number);

const cores = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'Write a number of processor cores such as 2 or 0.5.')
  .transform(Number)
  .refine((value) => value > 0, 'Write a number of processor cores such as 2 or 0.5.');

const folders = z.string().transform((value, context) => {
  const named = value.split(':').map((folder) => folder.trim()).filter((folder) => folder !== '');
  const relative = named.find((folder) => !folder.startsWith('/'));
  if (relative === undefined) return named;
  context.addIssue({ code: 'custom', message: `Write absolute folders with colons between them; ${relative} is relative.` });
  return z.NEVER;
});

const uidRange = z.string().transform((value, context): UidRange => {
  const [, first, last] = /^(\d{1,9})-(\d{1,9})$/.exec(value) ?? [];
  if (Number(first) >= 1 && Number(first) <= Number(last)) return { first: Number(first), last: Number(last) };
  context.addIssue({ code: 'custom', message: 'Write two user ids such as 200000-200999; 0 is not for plugins.' });
  return z.NEVER;
});

const address = z.string().transform((value, context) => {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port), text: value };
  context.addIssue({ code: 'custom', message: 'Write a host and a port such as 10.0.0.5:7070.' });
  return z.NEVER;
});

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

const list = z.string().transform((value) => value.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''));

const registries = list.transform((entries, context) => {
  try {
    new AllowedRegistries(entries);
    return entries;
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;

interface ReverseSettings {
  PLUGIN_REVERSE_ADDRESS?: { host: string; port: number; text: string };
  PLUGIN_REVERSE_PUBLIC_ADDRESS?: { text: string };
  PLUGIN_REVERSE_CERT?: string;
  PLUGIN_REVERSE_KEY?: string;
  PLUGIN_REVERSE_CA?: string;
}

function reverseOptions(env: ReverseSettings): ReverseOptions | null {
  const listen = env.PLUGIN_REVERSE_ADDRESS;
  if (!listen) return null;
  const files = defined({ certificateFile: env.PLUGIN_REVERSE_CERT, keyFile: env.PLUGIN_REVERSE_KEY, caFile: env.PLUGIN_REVERSE_CA });
  return { listen: { host: listen.host, port: listen.port }, publicAddress: (env.PLUGIN_REVERSE_PUBLIC_ADDRESS ?? listen).text, ...files };
}

/** Less than this nobody can work with. */
const sizeable = bytes.refine((size) => size >= 65_536, 'Write a size from 64KiB.');

/** What the operator of a host allows plugins; the same settings on the studio and on gateways. */
export const pluginHostConfig = z
  .object({
    PLUGIN_ROOTS: folders.default([]).describe('Folders that file:// plugins must lie in, with colons between them; relative paths start there. Unset: any folder.'),
    PLUGIN_MAX_MEMORY_MB: positiveInteger.optional().describe('The most memory that one plugin may have, in MiB. Unset: what its manifest asks for.'),
    PLUGIN_MAX_PIDS: positiveInteger.optional().describe('The most processes and threads that one plugin may have.'),
    PLUGIN_MAX_NOFILE: positiveInteger.optional().describe('The most files and sockets that a process of a plugin may have open.'),
    PLUGIN_MAX_CPU: cores.optional().describe('The most processor cores that one plugin may use, such as 2 or 0.5.'),
    PLUGIN_MAX_ANSWER_SIZE: sizeable.default(33_554_432).describe('The largest message that a host takes from a plugin; a larger one is refused before it is read. Streams may have any number of messages.'),
    PLUGIN_STREAM_BYTES: sizeable.default(16_777_216).describe('How much the streams of one plugin may move a second, all together; what is more has to wait.'),
    PLUGIN_UID_RANGE: uidRange.optional().describe('User ids for plugins, such as 200000-200999: each runs under its own. Needs a host that runs as root. Unset: they run under the user of the host.'),
    PLUGIN_AUTO_MTLS: z.enum(['auto', 'on', 'off']).default('auto').describe('Certificates between host and plugin: auto (plugins on TCP), on (every plugin; one that has none is refused), off.'),
    PLUGIN_TRANSPORT: z.enum(TRANSPORT_CHOICES).default('auto').describe('What carries requests to plugin processes: auto (the lane wherever a plugin listens on a unix socket without certificates), lane (the same), grpc-js (@grpc/grpc-js for every plugin).'),
    PLUGIN_SERVICE_API_CALLS: positiveInteger.default(5_000).describe('How many calls of the Service API one plugin may make a second; a quiet one four times as many at once.'),
    PLUGIN_SERVICE_API_BYTES: bytes.default(67_108_864).describe('How much one plugin may send to the Service API a second; a quiet one four times as much at once.'),
    PLUGIN_REGISTRIES: registries.default([]).describe('Registries that oci:// plugins may come from, with commas between them: registry.example.com, or registry.example.com/plugins for what lies below that. http:// in front: without encryption, which only registries of this machine get by themselves. Unset: none.'),
    PLUGIN_REGISTRY_AUTH_FILE: text.optional().describe('The logins of registries, in a file like ~/.docker/config.json. Read anew for each use.'),
    PLUGIN_SIGNING_KEYS: list.default([]).describe('Files with public keys in PEM, with commas between them. When there are any, oci:// plugins have to be signed by one of them, as cosign signs.'),
    PLUGIN_TLS_DIR: text.optional().describe('The folder that certificates and keys in grpc:// commands must lie in; relative names start there. Unset: any folder.'),
    PLUGIN_REVERSE_ADDRESS: address.optional().describe('host:port where this host listens for grpc:// plugins that use the Service API and events. Unset: it does not, and their status says so.'),
    PLUGIN_REVERSE_PUBLIC_ADDRESS: address.optional().describe('host:port as those plugins reach it. Unset: PLUGIN_REVERSE_ADDRESS, whose host then must be one that they can reach.'),
    PLUGIN_REVERSE_CERT: text.optional().describe('A file with the certificate of that listener in PEM. Unset: it does not encrypt, and tokens of plugins can be read on their way.'),
    PLUGIN_REVERSE_KEY: text.optional().describe('A file with the key of PLUGIN_REVERSE_CERT.'),
    PLUGIN_REVERSE_CA: text.optional().describe('A file with the authorities that plugins are told to trust for that listener. Unset: those that they know.'),
    PLUGIN_CACHE_DIR: text.default('/var/cache/sluice-plugins').describe('Where programs of oci:// plugins are kept. Several hosts may share it.'),
  })
  .superRefine((env, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((env.PLUGIN_REVERSE_CERT === undefined) !== (env.PLUGIN_REVERSE_KEY === undefined)) refuse('PLUGIN_REVERSE_CERT', 'PLUGIN_REVERSE_CERT and PLUGIN_REVERSE_KEY belong together; set both.');
    if (env.PLUGIN_REVERSE_ADDRESS !== undefined && env.PLUGIN_REVERSE_PUBLIC_ADDRESS === undefined && WILDCARDS.has(env.PLUGIN_REVERSE_ADDRESS.host)) {
      refuse('PLUGIN_REVERSE_PUBLIC_ADDRESS', `Plugins cannot connect to ${env.PLUGIN_REVERSE_ADDRESS.host}; set the address that they reach this host at.`);
    }
  })
  .transform((env) => {
    const caps = defined({ memoryMb: env.PLUGIN_MAX_MEMORY_MB, pids: env.PLUGIN_MAX_PIDS, nofile: env.PLUGIN_MAX_NOFILE, cpu: env.PLUGIN_MAX_CPU, messageBytes: env.PLUGIN_MAX_ANSWER_SIZE, streamBytesPerSecond: env.PLUGIN_STREAM_BYTES });
    const policy: PluginHostPolicy = { roots: env.PLUGIN_ROOTS, caps, uidRange: env.PLUGIN_UID_RANGE ?? null, autoMtls: env.PLUGIN_AUTO_MTLS, transport: env.PLUGIN_TRANSPORT, tlsDirectory: env.PLUGIN_TLS_DIR ?? null };
    const serviceApiLimits = { callsPerSecond: env.PLUGIN_SERVICE_API_CALLS, bytesPerSecond: env.PLUGIN_SERVICE_API_BYTES };
    const oci = { registries: env.PLUGIN_REGISTRIES, authFile: env.PLUGIN_REGISTRY_AUTH_FILE, signingKeyFiles: env.PLUGIN_SIGNING_KEYS, cacheDirectory: env.PLUGIN_CACHE_DIR };
    return { policy, serviceApiLimits, oci, reverse: reverseOptions(env) };
  });

export type PluginHostConfig = z.output<typeof pluginHostConfig>;
