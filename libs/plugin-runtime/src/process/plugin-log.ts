import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { LogBudget } from './log-budget';
import type { LogRing } from './log-ring';
import { beginsCrash, type LogLevel, parseLogLine } from './parse-log-line';

/** Takes the lines of one process into the plugin's ring and the host's log. */
export class PluginLog {
  private readonly budget: LogBudget;
  private crashed = false;

  constructor(
    private readonly logger: Logger,
    private readonly ring: LogRing,
    clock: Clock,
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

  close(): void {
    this.budget.report();
  }

  private write(level: LogLevel, message: string, stream: string, fields?: Record<string, unknown>): void {
    this.logger[level]({ event: 'plugin.log', stream, ...(fields ? { fields } : {}) }, message);
  }
}
