export * from './errors';
export * from './log';
export * from './postgres/start-postgres';
export * from './redis/start-redis';
