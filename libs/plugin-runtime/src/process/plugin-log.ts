import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { LogBudget } from './log-budget';
import type { LineSplitter } from './line-splitter';
import type { LogRing } from './log-ring';
import { type OutputFlow, OutputGate } from './output-gate';
import { beginsCrash, type LogLevel, parseLogLine } from './parse-log-line';

/** Takes the lines of one process into the plugin's ring and the host's log. */
export class PluginLog {
  private readonly budget: LogBudget;
  private crashed = false;
  /** Is told, once a second, while output has to be thrown away. */
  onFlood: () => void = () => undefined;

  constructor(
    private readonly logger: Logger,
    private readonly ring: LogRing,
    private readonly clock: Clock,
  ) {
    this.budget = new LogBudget(clock, (lines) => logger.warn({ event: 'plugin.log_dropped', lines }, 'The plugin writes too much; lines were left out of this log.'));
  }

  /** A line of stderr: a log line in one of the known shapes, or the end of a crashing program. */
  stderr(line: string): void {
    if (line === '') return;
    this.ring.add(line);
    this.crashed ||= beginsCrash(line);
    if (!this.budget.take(line)) return;
    const { level, message, fields } = parseLogLine(line);
    this.write(this.crashed ? 'error' : level, message, 'stderr', fields);
  }

  /** A line that the program printed for people. */
  stdout(line: string): void {
    if (line === '') return;
    this.ring.add(line);
    if (this.budget.take(line)) this.write('info', line, 'stdout');
  }

  /** Takes bytes of stderr or stdout, and no more of them than a host has time for. */
  gate(flow: OutputFlow, lines: LineSplitter): OutputGate {
    return new OutputGate({
      clock: this.clock,
      flow,
      onChunk: (chunk) => lines.push(chunk),
      onGap: () => lines.flush(),
      onFlood: (bytes) => this.flooded(bytes),
    });
  }

  private flooded(bytes: number): void {
    this.ring.remarks.flooded(bytes);
    this.onFlood();
    this.logger.warn({ event: 'plugin.output_flood', bytes }, 'The plugin writes too much; some of it was thrown away unread.');
  }

  /** What the host has to say about the process, among what the process says itself. */
  notice(sentence: string): void {
    this.ring.add(sentence);
    this.logger.warn({ event: 'plugin.notice' }, sentence);
  }

  close(): void {
    this.budget.report();
  }

  private write(level: LogLevel, message: string, stream: string, fields?: Record<string, unknown>): void {
    this.logger[level]({ event: 'plugin.log', stream, ...(fields ? { fields } : {}) }, message);
  }
}
