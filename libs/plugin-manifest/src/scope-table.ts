/** One service and what each of its methods asks for. `anyOf: []` is open to every plugin. */
export interface ServiceScopeTable {
  /** Package and name, as on the wire: `plugin_events.PluginEventService`. */
  service: string;
  rules: readonly { anyOf: readonly string[]; methods: readonly string[] }[];
}
