/** An artifact as a definition names it: the reference, and the digest that it led to when it was registered. */
export interface PinnedReference {
  /** With its scheme. */
  reference: string;
  digest: string;
}

/** Plugins that lie in registries. */
export interface OciPrograms {
  /** What a reference means at this moment, to be pinned. */
  resolve(reference: string): Promise<{ digest: string }>;
  /**
   * Sees to it that the pinned artifact lies on this machine, checked.
   * @returns the file to run, and what `digestProgram` has to find there.
   */
  obtain(artifact: PinnedReference, signal?: AbortSignal): Promise<{ path: string; digest: string }>;
  /** Removes what is not among these digests and in use nowhere else. @returns what was removed. */
  collectGarbage(keep: readonly string[]): Promise<string[]>;
}
