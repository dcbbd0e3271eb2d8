/** What a failed statement or connection means to whoever asked. */
export type DatabaseFailure = 'conflict' | 'busy' | 'unreachable';

/**
 * From the SQLSTATE of Postgres, or the code of the socket under it (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 * `conflict`: two writers made the same thing at the same moment; a service checks first and says it better. `busy`: a deadlock or
 * serialization failure; nothing was written. `unreachable`: connections fail, end, or are too many.
 */
export function databaseFailureOf(thrown: unknown): DatabaseFailure | undefined {
  const error = driverErrorOf(thrown);
  if (!error) return undefined;
  const code = typeof error.code === 'string' ? error.code : '';
  if (code === '23505') return 'conflict';
  if (code === '40001' || code === '40P01') return 'busy';
  if (/^(08...|53...|57P0.|55000|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code)) return 'unreachable';
  return code === '' && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message) ? 'unreachable' : undefined;
}

/** TypeORM wraps what a statement failed with; what a connection failed with it throws as it is. */
function driverErrorOf(thrown: unknown): (Error & { code?: unknown }) | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return 'driverError' in thrown && thrown.driverError instanceof Error ? thrown.driverError : thrown;
}
