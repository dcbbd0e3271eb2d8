/** The PostgreSQL that integration tests share. Throws a sentence that says what to do when there is none. */
export function testDatabaseUrl(): string {
  return serverUrl('TEST_DATABASE_URL', 'a PostgreSQL');
}

/** The Redis that integration tests share. Throws a sentence that says what to do when there is none. */
export function testRedisUrl(): string {
  return serverUrl('TEST_REDIS_URL', 'a Redis');
}

function serverUrl(variable: string, what: string): string {
  const url = process.env[variable];
  if (!url) throw new Error(`This test needs ${what}: run \`npm test\`, which starts one, or set ${variable} to the URL of yours.`);
  return url;
}
