/**
 * A Redis in JavaScript as a process of its own: `node js-redis-main.js <port>`. Put together from the package's parts because its ready-made server
 * listens on every interface.
 */
import { createRedisCommandExecutor, RedisServerState, Resp2Server, resolveCompatibilityProfile } from 'js-redis-server/core';

const profile = resolveCompatibilityProfile('redis-7.2');
const server = new Resp2Server({
  server: new RedisServerState({ databaseCount: 16, compatibility: profile }),
  executor: createRedisCommandExecutor({ compatibility: profile }),
  logger: { error: (message) => console.error(message) },
}).server;

server.on('connection', (socket) => socket.setNoDelay(true));
server.once('error', (error) => {
  console.error(error);
  process.exit(1);
});
server.listen(Number(process.argv[2]), '127.0.0.1');

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
