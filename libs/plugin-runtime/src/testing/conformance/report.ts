import type { Section } from './check';

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface CheckResult {
  id: string;
  title: string;
  section: Section;
  outcome: Outcome;
  /** Why it failed or was skipped; empty when it passed. */
  reason: string;
  durationMs: number;
}

export interface ConformanceReport {
  /** The plugin as it was named. */
  target: string;
  /** From its manifest; null when that cannot be read. */
  plugin: { id: string; name: string; version: string; hooks: readonly string[] } | null;
  results: readonly CheckResult[];
  passed: number;
  failed: number;
  skipped: number;
}
