import { generateKeyPairSync } from 'node:crypto';
import { loadMigrateConfig, loadStudioConfig, readRole } from './config';

const key = (type: 'ed25519' | 'x25519'): string => {
  const { privateKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
};

const environment = {
  DATABASE_URL: 'postgres://localhost/studio',
  STUDIO_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
  EDGE_SHARED_KEY: Buffer.alloc(32, 2).toString('base64'),
  EDGE_JOIN_TOKEN: 'a token of 16 characters',
  SNAPSHOT_SIGNING_KEY: key('ed25519'),
};

describe('the configuration', () => {
  it('has a default for all that is no secret', () => {
    const config = loadStudioConfig(environment);
    expect(config).toMatchObject({ role: 'all', port: 3000, grpcPort: 3001, queueBackend: 'postgres', redisUrl: undefined, serves: true, works: true });
    expect(config.publicUrl.origin).toBe('http://localhost:3000');
    expect(config.snapshotSigningKey.asymmetricKeyType).toBe('ed25519');
  });

  it.each([
    ['api', true, false],
    ['worker', false, true],
    ['all', true, true],
  ])('as %s serves: %p, works: %p', (role, serves, works) => {
    expect(loadStudioConfig({ ...environment, STUDIO_ROLE: role })).toMatchObject({ serves, works });
  });

  it('lets jobs wait in Redis when there is one, unless told otherwise', () => {
    const redis = { ...environment, REDIS_URL: 'redis://localhost:6379' };
    expect(loadStudioConfig(redis).queueBackend).toBe('redis');
    expect(loadStudioConfig({ ...redis, QUEUE_BACKEND: 'postgres' }).queueBackend).toBe('postgres');
    expect(() => loadStudioConfig({ ...environment, QUEUE_BACKEND: 'redis' })).toThrow('QUEUE_BACKEND: redis needs REDIS_URL.');
  });

  it.each([
    ['DATABASE_URL', 'mysql://localhost/studio'],
    ['STUDIO_SECRET_KEY', Buffer.alloc(31).toString('base64')],
    ['EDGE_SHARED_KEY', 'not base64 of 32 bytes'],
    ['EDGE_JOIN_TOKEN', 'short'],
    ['SNAPSHOT_SIGNING_KEY', key('x25519')],
    ['SNAPSHOT_SIGNING_KEY', 'AAAA'],
    ['STUDIO_PUBLIC_URL', 'ftp://studio.example'],
    ['STUDIO_ROLE', 'api,worker'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => loadStudioConfig({ ...environment, [name]: value })).toThrow(name);
  });

  it('asks little of a migration', () => {
    expect(loadMigrateConfig({ DATABASE_URL: environment.DATABASE_URL })).toMatchObject({ databaseUrl: environment.DATABASE_URL, queues: true });
    expect(readRole({ STUDIO_ROLE: 'migrate' })).toBe('migrate');
  });
});
