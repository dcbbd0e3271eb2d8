/** How the connection to a plugin that somebody else runs is protected. Files are PEM. */
export type RemoteSecurity =
  | { mode: 'plaintext' }
  | { mode: 'tls'; caFile?: string; serverName?: string }
  | { mode: 'mutual'; caFile?: string; serverName?: string; certificateFile: string; keyFile: string };

/** Where a plugin's process comes from. `digest` is what was pinned when the plugin was registered: `sha256:` and 64 hex digits. */
export type Deployment =
  | { kind: 'file'; path: string; digest?: string }
  | { kind: 'oci'; reference: string; digest?: string }
  | { kind: 'grpc'; address: string; tls: RemoteSecurity };
