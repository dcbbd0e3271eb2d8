import type { CheckResult, ConformanceReport } from '@sluice/plugin-runtime/testing';

/** The report as the XML that CI servers read: a suite a section, a test case a check. */
export function junitOf({ results, passed, failed, skipped, plugin, target }: ConformanceReport): string {
  const name = attribute(plugin?.id ?? target);
  const sections = [...new Set(results.map(({ section }) => section))];
  const suites = sections.map((section) => suiteOf(section, results.filter((result) => result.section === section)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}" tests="${passed + failed + skipped}" failures="${failed}" skipped="${skipped}">\n${suites.join('')}</testsuites>\n`;
}

function suiteOf(section: string, results: readonly CheckResult[]): string {
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  const time = seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const head = `<testsuite name="${attribute(section)}" tests="${results.length}" failures="${count('failed')}" skipped="${count('skipped')}" time="${time}">`;
  return `  ${head}\n${results.map(caseOf).join('')}  </testsuite>\n`;
}

function caseOf({ id, title, section, outcome, reason, durationMs }: CheckResult): string {
  const open = `    <testcase classname="${attribute(section)}" name="${attribute(`${id}: ${title}`)}" time="${seconds(durationMs)}"`;
  if (outcome === 'passed') return `${open}/>\n`;
  const inner = outcome === 'failed' ? `<failure message="${attribute(reason)}"/>` : `<skipped message="${attribute(reason)}"/>`;
  return `${open}>${inner}</testcase>\n`;
}

const seconds = (ms: number) => (ms / 1_000).toFixed(3);

function attribute(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  // XML has no way to write most control characters.
  return escaped.replace(/[^\P{Cc}]/gu, ' ');
}
