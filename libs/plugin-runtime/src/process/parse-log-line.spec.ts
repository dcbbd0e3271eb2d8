import { beginsCrash, parseLogLine } from './parse-log-line';

describe('parseLogLine', () => {
  it.each([
    ['2026-01-02T15:04:05.000Z [INFO]  echo: ready: port=1', { level: 'info', message: 'echo: ready: port=1' }],
    ['2026-01-02T15:04:05.123+0100 [WARN]  echo: slow', { level: 'warn', message: 'echo: slow' }],
    ['2026-01-02T15:04:05.123Z [ERROR] echo: broken: error="no such file"', { level: 'error', message: 'echo: broken: error="no such file"' }],
  ])('reads hclog text: %s', (line, expected) => {
    expect(parseLogLine(line)).toEqual(expected);
  });

  it('reads text of the Go log package', () => {
    expect(parseLogLine('2026/01/02 15:04:05 listening')).toEqual({ level: 'info', message: 'listening' });
  });

  it('reads JSON of zerolog', () => {
    expect(parseLogLine('{"level":"warn","time":"2026-01-02T15:04:05Z","user":7,"message":"quota"}')).toEqual({
      level: 'warn',
      message: 'quota',
      fields: { user: 7 },
    });
  });

  it('reads JSON of hclog', () => {
    expect(parseLogLine('{"@level":"error","@timestamp":"2026-01-02T15:04:05Z","@module":"echo","@message":"lost"}')).toEqual({
      level: 'error',
      message: 'lost',
      fields: { '@module': 'echo' },
    });
  });

  it.each(['plain words', '{"not": "a log line"}', '{broken', '[1,2]', ''])('takes anything else as it is: %s', (line) => {
    expect(parseLogLine(line)).toEqual({ level: 'info', message: line });
  });

  it('knows the beginning of a crash', () => {
    expect(beginsCrash('panic: index out of range')).toBe(true);
    expect(beginsCrash('fatal error: all goroutines are asleep')).toBe(true);
    expect(beginsCrash('do not panic: it is fine')).toBe(false);
  });
});
