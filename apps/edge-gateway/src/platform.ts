import { PLUGIN_APIS, type PlatformVersions } from '@sluice/plugin-manifest';
import { VERSION } from './version';

/** What a plugin finds on this gateway. */
export const PLATFORM: PlatformVersions = { app: VERSION, gateway: VERSION, api: PLUGIN_APIS };
