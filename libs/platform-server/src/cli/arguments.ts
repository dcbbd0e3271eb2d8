import { parseArgs } from 'node:util';

import { redisKinds, type RedisKind } from '../redis/find-redis';

export interface CliArguments {
  dataDirectory: string;
  postgres: boolean;
  postgresPort: number;
  redis: boolean;
  redisPort: number;
  redisKinds: readonly RedisKind[];
  durable: boolean;
}

export const usage = `Usage: node cli.js --data <directory> [--postgres-port <port>] [--redis-port <port>] [--no-postgres] [--no-redis]
                   [--redis-kind ${redisKinds.join('|')}] [--not-durable]
Runs an embedded PostgreSQL and a Redis until it gets SIGTERM or its standard input closes. Prints one line of JSON when both are ready.`;

/** Throws an Error with a sentence. */
export function parseCliArguments(argv: readonly string[]): CliArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: 'string' },
      'postgres-port': { type: 'string', default: '0' },
      'redis-port': { type: 'string', default: '0' },
      'no-postgres': { type: 'boolean', default: false },
      'no-redis': { type: 'boolean', default: false },
      'redis-kind': { type: 'string' },
      'not-durable': { type: 'boolean', default: false },
    },
  });
  if (!values.data) throw new Error('--data <directory> is missing');
  return {
    dataDirectory: values.data,
    postgres: !values['no-postgres'],
    postgresPort: port('--postgres-port', values['postgres-port']),
    redis: !values['no-redis'],
    redisPort: port('--redis-port', values['redis-port']),
    redisKinds: kinds(values['redis-kind']),
    durable: !values['not-durable'],
  };
}

function port(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new Error(`${option} takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
  return value;
}

function kinds(text: string | undefined): readonly RedisKind[] {
  if (text === undefined) return redisKinds;
  const kind = redisKinds.find((known) => known === text);
  if (!kind) throw new Error(`--redis-kind takes one of ${redisKinds.join(', ')}, not ${JSON.stringify(text)}`);
  return [kind];
}
