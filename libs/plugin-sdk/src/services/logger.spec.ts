import { JsonLogger } from './logger';

function logged(write: (logger: JsonLogger) => void): unknown[] {
  const lines: string[] = [];
  write(new JsonLogger('com.example', (line) => lines.push(line), () => new Date(0)));
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  return lines.map((line) => JSON.parse(line));
}

describe('JsonLogger', () => {
  it('writes one line of hclog JSON a call', () => {
    expect(logged((logger) => logger.info('two\nlines', { count: 3 }))).toEqual([
      { '@level': 'info', '@message': 'two\nlines', '@module': 'com.example', '@timestamp': '1970-01-01T00:00:00.000Z', count: 3 },
    ]);
  });

  it('adds the fields it was given before', () => {
    const [line] = logged((logger) => logger.with({ request_id: 'r', a: 1 }).warn('w', { a: 2 }));
    expect(line).toMatchObject({ '@level': 'warn', request_id: 'r', a: 2 });
  });

  it('writes whatever an author hands it', () => {
    const circle: Record<string, unknown> = { big: 2n ** 60n, error: new Error('inner') };
    circle['self'] = circle;
    const [line] = logged((logger) => logger.error('e', { circle }));
    expect(line).toMatchObject({ circle: { big: '1152921504606846976', error: expect.stringMatching(/^Error: inner\n/), self: '[seen above]' } });
  });

  it('writes the message even when a field cannot be written', () => {
    const field = {
      toJSON: () => {
        throw new Error('no JSON of mine');
      },
    };
    const [line] = logged((logger) => logger.error('e', { field }));
    expect(line).toMatchObject({ '@level': 'error', '@message': 'e', '@module': 'com.example', fields: 'no JSON of mine' });
  });
});
