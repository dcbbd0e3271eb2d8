/** Where a command's words and its exit code go. */
export interface Terminal {
  print(text: string): void;
  /** For people; not part of the result. */
  warn(text: string): void;
  setExitCode(code: number): void;
}
