import type { Outcome } from './run-fault';

/** A line, and what was wrong under it. */
export function describeOutcome({ fault, seed, seconds, violations }: Outcome): string {
  const line = `${violations.length === 0 ? 'ok    ' : 'FAILED'}  ${fault}, seed ${seed}  (${seconds.toFixed(1)} s)`;
  if (violations.length === 0) return line;
  return [line, ...violations.map((violation) => `        ${violation}`), `        Repeat it: npm run test:faults -- --only ${JSON.stringify(fault)} --seed ${seed}`].join('\n');
}

/** How long each fault took, the longest first. */
export function describeTimes(outcomes: readonly Outcome[]): string {
  const times = new Map<string, number[]>();
  for (const { fault, seconds } of outcomes) times.set(fault, [...(times.get(fault) ?? []), seconds]);
  const rows = [...times].map(([fault, each]) => ({ fault, all: each.reduce((sum, seconds) => sum + seconds, 0), longest: Math.max(...each) }));
  return ['seconds  longest', ...rows.sort((a, b) => b.all - a.all).map(({ fault, all, longest }) => `${all.toFixed(0).padStart(7)}  ${longest.toFixed(1).padStart(7)}  ${fault}`)].join('\n');
}
