import { QueryFailedError } from 'typeorm';
import { databaseFailureOf } from './database-failure';

const postgres = (code: string): Error => new QueryFailedError('SELECT 1', [], Object.assign(new Error('as Postgres says'), { code }));
const socket = (code: string): Error => Object.assign(new Error('as the socket says'), { code });

describe('a database failure', () => {
  it.each<[string, Error, ReturnType<typeof databaseFailureOf>]>([
    ['a unique violation', postgres('23505'), 'conflict'],
    ['a deadlock', postgres('40P01'), 'busy'],
    ['a serialization failure', postgres('40001'), 'busy'],
    ['a connection that an administrator ended', postgres('57P01'), 'unreachable'],
    ['a server that starts up', socket('57P03'), 'unreachable'],
    ['a server with too many connections', socket('53300'), 'unreachable'],
    ['a server that is not there', socket('ECONNREFUSED'), 'unreachable'],
    ['a connection that broke', new Error('Connection terminated unexpectedly'), 'unreachable'],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), 'unreachable'],
    ['a mistake in a statement', postgres('42601'), undefined],
    ['a broken foreign key', postgres('23503'), undefined],
    ['any other error', new TypeError('x is not a function'), undefined],
  ])('%s', (_, error, expected) => {
    expect(databaseFailureOf(error)).toBe(expected);
  });
});
