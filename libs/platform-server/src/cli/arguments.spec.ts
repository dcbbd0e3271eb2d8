import { parseCliArguments } from './arguments';

describe('the arguments of the embedded servers', () => {
  it('ask for both servers on free ports when only the directory is given', () => {
    expect(parseCliArguments(['--data', '/d'])).toEqual({
      dataDirectory: '/d',
      postgres: true,
      postgresPort: 0,
      redis: true,
      redisPort: 0,
      redisKinds: ['redis-server', 'valkey-server', 'js-redis-server'],
      durable: true,
    });
  });

  it.each([
    [[], '--data <directory> is missing'],
    [['--data', '/d', '--postgres-port', '70000'], '--postgres-port takes a number from 0 to 65535, not "70000"'],
    [['--data', '/d', '--redis-port', ''], '--redis-port takes a number'],
    [['--data', '/d', '--redis-kind', 'dragonfly'], '--redis-kind takes one of redis-server, valkey-server, js-redis-server'],
    [['--data', '/d', '--verbose'], "Unknown option '--verbose'"],
  ])('%j is refused with a sentence', (argv, sentence) => {
    expect(() => parseCliArguments(argv)).toThrow(sentence);
  });
});
