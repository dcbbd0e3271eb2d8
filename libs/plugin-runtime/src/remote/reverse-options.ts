/** Where plugins that somebody else runs reach this host. */
export interface ReverseOptions {
  listen: { host: string; port: number };
  /** `host:port` as plugins are told; port 0 stands for the one that was listened on. */
  publicAddress: string;
  /** PEM, and read again now and then. Both or none: without them the connection is not encrypted, and a token can be read on its way. */
  certificateFile?: string;
  keyFile?: string;
  /** How often they are looked at. Default: every minute. */
  lookEveryMs?: number;
  /** PEM: what plugins are told to trust. Left out: the authorities that they know. */
  caFile?: string;
}
