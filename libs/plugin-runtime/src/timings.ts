/** Every wait of the host, in milliseconds. The defaults are those of the wire contract; tests shorten them. */
export interface PluginTimings {
  /** From the start of the process to its handshake line. */
  startMs: number;
  /** From the handshake to a connection that answers its health check. */
  connectMs: number;
  initializeMs: number;
  /** `GetManifest` and `GetConfigSchema`. */
  describeMs: number;
  /** The registration questions, and `Ping` before an inspection. */
  questionMs: number;
  /** How long a connection to a plugin that runs elsewhere may be lost before its generation has ended. */
  lossMs: number;
  healthIntervalMs: number;
  healthDeadlineMs: number;
  /** How long a plugin has to answer `CloseSession` and `Shutdown`, each. */
  farewellMs: number;
  /** From the last farewell to SIGKILL. */
  killAfterMs: number;
  /** How long a drain waits for unary calls. */
  unaryDrainMs: number;
  /** How long `close()` waits for calls in progress, whatever kind. */
  closeDrainMs: number;
  /** A generation that has served this long makes the restart delays begin anew. */
  stableAfterMs: number;
  /** Between the attempts of a plugin that crashes again and again. */
  probeMs: number;
}

export const DEFAULT_TIMINGS: PluginTimings = {
  startMs: 60_000,
  connectMs: 10_000,
  initializeMs: 30_000,
  describeMs: 10_000,
  questionMs: 5_000,
  lossMs: 3_000,
  healthIntervalMs: 5_000,
  healthDeadlineMs: 5_000,
  farewellMs: 2_000,
  killAfterMs: 2_000,
  unaryDrainMs: 30_000,
  closeDrainMs: 10_000,
  stableAfterMs: 60_000,
  probeMs: 60_000,
};

export const DEFAULT_DRAIN_TIMEOUT_MS = 5 * 60_000;
