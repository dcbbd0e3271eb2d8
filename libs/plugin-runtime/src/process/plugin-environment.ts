import type { PluginRuntimeName } from '../host/plugin-host';

export type Environment = Readonly<Record<string, string | undefined>>;

const INHERITED = ['PATH', 'HOME', 'TZ', 'LANG', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'];

/** Where the inherited variables come from when the host's owner names no other place. */
export function ownEnvironment(): Environment {
  return process.env;
}

export interface PluginEnvironmentOptions {
  inherited: Environment;
  runtime: PluginRuntimeName;
  edgeId?: string;
  /** The plugin's own folder. */
  directory: string;
  /** It runs under a user of its own, who has no home. */
  ownUser?: boolean;
  /** The host's certificate, where both sides shall show one. */
  clientCertificate?: string;
}

/** The whole environment of a plugin process: an allow-list, so that no secret of the host reaches a plugin by accident. */
export function pluginEnvironment({ inherited, runtime, edgeId, directory, ownUser = false, clientCertificate }: PluginEnvironmentOptions): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = inherited[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    AI_STUDIO_PLUGIN: 'v1',
    PLUGIN_PROTOCOL_VERSIONS: '1',
    PLUGIN_MIN_PORT: '10000',
    PLUGIN_MAX_PORT: '25000',
    PLUGIN_UNIX_SOCKET_DIR: directory,
    TMPDIR: directory,
    PLUGIN_RUNTIME: runtime,
    ...(ownUser && { HOME: directory }),
    ...(clientCertificate !== undefined && { PLUGIN_CLIENT_CERT: clientCertificate }),
    ...(edgeId === undefined ? {} : { EDGE_ID: edgeId }),
  };
}
