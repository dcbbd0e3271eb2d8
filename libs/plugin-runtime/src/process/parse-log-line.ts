export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export interface LogLine {
  level: LogLevel;
  message: string;
  /** What a JSON line carried besides level, time and message. */
  fields?: Record<string, unknown>;
}

const HCLOG = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d) \[(TRACE|DEBUG|INFO|WARN|ERROR)\]\s*(.*)$/s;
const GO_LOG = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)? (.*)$/s;
const CRASH = /^(?:panic: |fatal error: )/;

const LEVELS: ReadonlyMap<unknown, LogLevel> = new Map<unknown, LogLevel>([
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['warning', 'warn'],
  ['error', 'error'],
  ['err', 'error'],
  ['fatal', 'fatal'],
  ['panic', 'fatal'],
]);

/** A Go program's last words: this line and everything after it is an error. */
export function beginsCrash(line: string): boolean {
  return CRASH.test(line);
}

/**
 * Understands the three shapes that plugins write on stderr: hclog text, Go `log` text, and JSON of zerolog or hclog. Anything else
 * is the message of an `info` line.
 */
export function parseLogLine(line: string): LogLine {
  const json = line.startsWith('{') ? parseJson(line) : undefined;
  if (json) return json;
  const hclog = HCLOG.exec(line);
  if (hclog) return { level: levelOf(hclog[1]), message: hclog[2]! };
  const go = GO_LOG.exec(line);
  if (go) return { level: 'info', message: go[1]! };
  return { level: 'info', message: line };
}

function parseJson(line: string): LogLine | undefined {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
  const { '@level': hcLevel, '@timestamp': _at, '@message': hcMessage, level, time: _time, message, ...fields } = record as Record<string, unknown>;
  const text = hcMessage ?? message;
  if (typeof text !== 'string' && hcLevel === undefined && level === undefined) return undefined;
  return {
    level: levelOf(hcLevel ?? level),
    message: typeof text === 'string' ? text : '',
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
  };
}

/** What a plugin calls its level may be any JSON value. */
function levelOf(said: unknown): LogLevel {
  return LEVELS.get(typeof said === 'string' ? said.toLowerCase() : said) ?? 'info';
}
