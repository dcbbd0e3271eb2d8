import { createLogger } from './logger';

function linesOf(write: (logger: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = [];
  write(createLogger({ name: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes an event with its fields, level and time', () => {
    expect(linesOf((logger) => logger.warn({ pluginId: 7 }, 'plugin crashed'))).toEqual([
      expect.objectContaining({ level: 'warn', name: 'test', pluginId: 7, msg: 'plugin crashed', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) }),
    ]);
  });

  it('never writes a credential', () => {
    const [line] = linesOf((logger) => logger.info({ token: 'slc_app_x', headers: { authorization: 'Bearer slc_app_x' } }, 'request'));
    expect(JSON.stringify(line)).not.toContain('slc_app_x');
  });

  it('leaves out what is below its level', () => {
    expect(linesOf((logger) => logger.debug('noise'))).toEqual([]);
  });
});
