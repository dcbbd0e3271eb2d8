import { messageOf } from '../server/author-error';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logs. Each call is one line that the host shows with the plugin's name, generation and request. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  with(fields: LogFields): Logger;
}

/** One JSON object a line in the shape of hclog, which every go-plugin host reads. */
export class JsonLogger implements Logger {
  constructor(
    private readonly module: string,
    private readonly write: (line: string) => void = (line) => process.stderr.write(line),
    private readonly now: () => Date = () => new Date(),
    private readonly fields: LogFields = {},
  ) {}

  trace(message: string, fields?: LogFields): void {
    this.line('trace', message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.line('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.line('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.line('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.line('error', message, fields);
  }

  with(fields: LogFields): Logger {
    return new JsonLogger(this.module, this.write, this.now, { ...this.fields, ...fields });
  }

  private line(level: LogLevel, message: string, fields: LogFields = {}): void {
    const head = { '@level': level, '@message': message, '@module': this.module, '@timestamp': this.now().toISOString() };
    this.write(`${this.text(head, fields)}\n`);
  }

  /** A log line must never throw, whatever an author's getter or `toJSON` does. */
  private text(head: LogFields, fields: LogFields): string {
    try {
      return stringify({ ...this.fields, ...fields, ...head });
    } catch (error) {
      return stringify({ ...head, fields: messageOf(error) });
    }
  }
}

/** Big integers, errors and circles are written as well as they can be. */
function stringify(event: object): string {
  const seen = new WeakSet<object>();
  return JSON.stringify(event, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof Error) return value.stack ?? value.message;
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) return '[seen above]';
      seen.add(value);
    }
    return value;
  });
}
