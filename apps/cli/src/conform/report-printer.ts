import type { CheckResult, ConformanceReport, Section } from '@sluice/plugin-runtime/testing';
import type { Terminal } from '../terminal';

const MARKS = { passed: 'ok    ', failed: 'FAILED' } as const;

/** How many of the checks that were skipped for the same reason are named. */
const NAMED = 5;

/** The report for people: a line a check as it is done; at the end what was skipped, by reason, and the failures once more. */
export class ReportPrinter {
  private section: Section | undefined;

  constructor(private readonly terminal: Terminal) {}

  result({ id, title, section, outcome, reason }: CheckResult): void {
    if (outcome === 'skipped') return;
    if (section !== this.section) this.terminal.print(`\n${section}\n`);
    this.section = section;
    this.terminal.print(`  ${MARKS[outcome]}  ${id}: ${title}\n`);
    if (outcome === 'failed') this.terminal.print(`          ${reason}\n`);
  }

  summary({ target, plugin, results, passed, failed, skipped }: ConformanceReport): void {
    const failures = results.filter(({ outcome }) => outcome === 'failed');
    this.skipped(results);
    const list = failures.map(({ id, reason }) => `  ${id}\n    ${reason}\n`).join('');
    this.terminal.print(`\n${plugin ? `${plugin.id} ${plugin.version} (${plugin.hooks.join(', ')})` : target}\n`);
    this.terminal.print(`${passed} passed, ${failed} failed, ${skipped} skipped\n${failed === 0 ? '' : `\nTo mend:\n${list}`}`);
  }

  private skipped(results: readonly CheckResult[]): void {
    const byReason = new Map<string, string[]>();
    for (const { id, outcome, reason } of results) {
      if (outcome === 'skipped') byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
    }
    if (byReason.size > 0) this.terminal.print('\nskipped\n');
    for (const [reason, ids] of byReason) this.terminal.print(`  ${reason}: ${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ''}\n`);
  }
}
