/** What this host takes from a registry at most. */
export interface OciLimits {
  /** A manifest, an index, a config or a signature. */
  documentBytes: number;
  /** All layers of a plugin as they travel. */
  layerBytes: number;
  /** All files of a plugin as they lie on disk, and what archives add to them. */
  unpackedBytes: number;
  /** Files and folders in all layers. */
  entries: number;
  /** From a request to the head of its answer. */
  answerMs: number;
  /** Between two pieces of a body. */
  silenceMs: number;
  /** A whole plugin with everything that belongs to it. */
  totalMs: number;
}

export const DEFAULT_OCI_LIMITS: OciLimits = {
  documentBytes: 4 * 1_048_576,
  layerBytes: 512 * 1_048_576,
  unpackedBytes: 1_024 * 1_048_576,
  entries: 10_000,
  answerMs: 15_000,
  silenceMs: 30_000,
  totalMs: 10 * 60_000,
};
