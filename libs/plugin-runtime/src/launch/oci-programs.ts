/** Plugins that lie in registries. */
export interface OciPrograms {
  /** What a reference means at this moment, to be pinned. */
  resolve(reference: string): Promise<{ digest: string }>;
  /** Sees to it that the pinned artifact lies on this machine, checked. @returns the file to run. */
  obtain(artifact: { reference: string; digest: string }, signal?: AbortSignal): Promise<{ path: string }>;
}
