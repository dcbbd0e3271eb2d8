/** The APIs that plugins find on every host of this version, as `compat.api` names them. `v1`: version 1 of the plugin protocol with the Service API. */
export const PLUGIN_APIS: readonly string[] = ['v1'];
