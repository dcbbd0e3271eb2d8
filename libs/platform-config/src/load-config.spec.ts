import { z } from 'zod';
import { loadConfig, ConfigError } from './load-config';
import { bytes, duration, flag, port } from './values';

const http = z.object({ HTTP_PORT: port.default(8080), HTTP_TIMEOUT: duration.default(30_000) });
const database = z.object({ DATABASE_URL: z.string(), POOL: flag.default(true) }).transform((env) => ({ url: env.DATABASE_URL, pool: env.POOL }));

describe('loadConfig', () => {
  it('reads each section and fills in defaults', () => {
    expect(loadConfig({ DATABASE_URL: 'postgres://x', HTTP_TIMEOUT: '1h30m', POOL: '' }, { http, database })).toEqual({
      http: { HTTP_PORT: 8080, HTTP_TIMEOUT: 5_400_000 },
      database: { url: 'postgres://x', pool: true },
    });
  });

  it('reports every bad variable of every section at once', () => {
    expect.assertions(2);
    try {
      loadConfig({ HTTP_PORT: '99999', HTTP_TIMEOUT: 'soon', POOL: 'maybe' }, { http, database });
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).problems).toEqual([
        'HTTP_PORT: Write a port number from 0 to 65535.',
        'HTTP_TIMEOUT: Write a duration such as 500ms, 30s, 5m or 1h30m.',
        'DATABASE_URL is required.',
        'POOL: Write true or false.',
      ]);
    }
  });
});

describe('values', () => {
  it.each([['1048576', 1_048_576], ['512KiB', 524_288], ['1MB', 1_048_576]])('reads %s as %d bytes', (text, expected) => {
    expect(bytes.parse(text)).toBe(expected);
  });

  it.each(['', '-1', '1.5MB', '5 parsecs'])('refuses %p as a size', (text) => {
    expect(bytes.safeParse(text).success).toBe(false);
  });

  it.each([['500ms', 500], ['5m', 300_000], ['1h30m', 5_400_000], ['0.5s', 500]])('reads %s as %d ms', (text, expected) => {
    expect(duration.parse(text)).toBe(expected);
  });

  it.each(['5', '5 m', 'm5', '5mm'])('refuses %p as a duration', (text) => {
    expect(duration.safeParse(text).success).toBe(false);
  });
});
