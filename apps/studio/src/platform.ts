import { PLUGIN_APIS, type PlatformVersions } from '@sluice/plugin-manifest';
import { VERSION } from './version';

/** What a plugin finds in this studio. */
export const PLATFORM: PlatformVersions = { app: VERSION, studio: VERSION, api: PLUGIN_APIS };
