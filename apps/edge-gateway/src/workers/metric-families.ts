/** What of several processes stands for all of them: added, or the highest. */
const HIGHEST = new Set(['target_info', 'process_uptime_seconds']);

interface Family {
  help: string;
  type: string;
  /** By name and labels, as they stand in the text. */
  samples: Map<string, number>;
}

/**
 * Metrics of several processes as one, in Prometheus' text format. Counters and histograms are added. Gauges are added too (connections,
 * memory), except those of which each process has the same: of these the highest stands.
 */
export class MetricFamilies {
  private readonly families = new Map<string, Family>();

  /** Adds a process that is there. */
  add(text: string): this {
    return this.take(text, () => true);
  }

  /** Adds what a process that has ended has counted: a total never falls. What it had open it has no more. */
  addEnded(text: string): this {
    return this.take(text, ({ type }) => type !== 'gauge');
  }

  toString(): string {
    const lines: string[] = [];
    for (const [name, { help, type, samples }] of this.families) {
      if (help !== '') lines.push(help);
      lines.push(`# TYPE ${name} ${type}`);
      for (const [sample, value] of samples) lines.push(`${sample} ${Number.isFinite(value) || Number.isNaN(value) ? value : value > 0 ? '+Inf' : '-Inf'}`);
    }
    return `${lines.join('\n')}\n`;
  }

  private take(text: string, wanted: (family: Family) => boolean): this {
    let help = '';
    let family: Family | undefined;
    let isHighest = false;
    for (const line of text.split('\n')) {
      if (line.startsWith('# HELP ')) help = line;
      else if (line.startsWith('# TYPE ')) {
        const [, , name, type] = line.split(' ') as [string, string, string, string];
        family = this.families.get(name) ?? { help, type, samples: new Map() };
        if (wanted(family)) this.families.set(name, family);
        else family = undefined;
        isHighest = HIGHEST.has(name);
        help = '';
      } else if (line !== '' && !line.startsWith('#') && family) addSample(family, line, isHighest);
    }
    return this;
  }
}

function addSample({ samples }: Family, line: string, isHighest: boolean): void {
  const end = line.lastIndexOf(' ');
  const sample = line.slice(0, end);
  const value = Number(line.slice(end + 1).replace('Inf', 'Infinity'));
  const before = samples.get(sample);
  if (before === undefined) samples.set(sample, value);
  else samples.set(sample, isHighest ? Math.max(before, value) : before + value);
}
