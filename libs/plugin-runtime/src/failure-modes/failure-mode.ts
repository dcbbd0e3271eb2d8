/** One way in which a plugin fails, as its status tells it. */
export interface FailureMode {
  /** The heading in `docs/failure-modes.md`. */
  id: string;
  /** What the status says; `…` stands for what differs. */
  sentences: readonly string[];
  /** Tells it from other modes where the sentences alone do not. */
  pattern?: RegExp;
}
