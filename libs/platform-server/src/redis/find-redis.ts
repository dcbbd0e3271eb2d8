import { execFile } from 'node:child_process';

export const redisKinds = ['redis-server', 'valkey-server', 'js-redis-server'] as const;
export type RedisKind = (typeof redisKinds)[number];

export interface RedisProgram {
  kind: RedisKind;
  /** The program, and what stands before the server's own arguments. */
  command: readonly [string, ...string[]];
}

/** The first of `kinds` that this machine has. The one in JavaScript comes with our packages, so it is always there. */
export async function findRedis(kinds: readonly RedisKind[]): Promise<RedisProgram | undefined> {
  for (const kind of kinds) {
    if (kind === 'js-redis-server') return { kind, command: [process.execPath, require.resolve('./js-redis-main')] };
    const path = await findInPath(kind);
    if (path !== undefined) return { kind, command: [path] };
  }
  return undefined;
}

function findInPath(name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', 'command -v "$1"', 'sh', name], (error, stdout) => resolve(error ? undefined : stdout.trim() || undefined));
  });
}
