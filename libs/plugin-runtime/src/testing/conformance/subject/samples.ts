/** What the kit cannot know of a plugin: which of its endpoints show something. Paths are relative to the plugin, with their query. */
export interface Samples {
  /** An endpoint that answers at once: `/hello?x=1`. Default: the first registration that is not a stream. */
  request?: string;
  /** A stream that sends as fast as it is read and does not end soon: `/stream?count=0`. Default: the first registration that streams. */
  stream?: string;
  /** An endpoint whose answer needs the Service API: `/kv/conformance`. Without it only the connection is looked at. */
  service?: string;
}
