import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { testRedis, type TestRedis } from '@sluice/testing';
import { Redis } from 'ioredis';
import { RedisUsers } from './stack/redis-users';

jest.setTimeout(60_000);

const hasServer = spawnSync('/bin/sh', ['-c', 'command -v redis-server || command -v valkey-server']).status === 0;
const describeWithUsers = hasServer ? describe : describe.skip;
const why = hasServer ? '' : ' (skipped: there is neither redis-server nor valkey-server on this machine)';

/** What operators and their rules know of Redis: these names are fixed. */
function keysOf(namespace: string): { pointer: string; index: string; delta: string; channel: string } {
  const prefix = `sluice:snapshot:{${namespace}}`;
  return { pointer: `${prefix}:pointer`, index: `${prefix}:index:e.1`, delta: `${prefix}:delta:e:1`, channel: `${prefix}:announcements` };
}

/** Rules of the file that operators are given, on a real Redis. */
describeWithUsers(`the Redis user of a gateway${why}`, () => {
  const own = keysOf('eu');
  const other = keysOf('us');
  let server: TestRedis;
  let users: RedisUsers;
  let administrator: Redis;
  let gateway: Redis;

  beforeAll(async () => {
    server = await testRedis();
    users = new RedisUsers(server.url);
    administrator = new Redis(server.url);
    gateway = new Redis(await users.gateway('eu'));
    for (const keys of [own, other]) {
      await administrator.hset(keys.pointer, { epoch: 'e', revision: '1', root: 'r' });
      await administrator.set(keys.index, 'index');
    }
    await administrator.set('sluice:jobs:x', 'job');
  });
  afterAll(async () => {
    gateway?.disconnect();
    administrator?.disconnect();
    await users?.remove();
    await server?.close();
  });

  it('reads what is for its namespace', async () => {
    expect(await gateway.hmget(own.pointer, 'epoch', 'revision')).toEqual(['e', '1']);
    expect(await gateway.getrange(own.index, 0, 2)).toBe('ind');
    await expect(gateway.getrange(own.delta, 0, 10)).resolves.toBe('');
  });

  it('publishes events of its namespace, and listens to what is for it', async () => {
    const ear = new Redis(server.url);
    const heard = once(ear, 'message');
    await ear.subscribe('sluice:events:{eu}:up');
    // Channels belong to the whole server: a studio of another suite may listen as well.
    expect(await gateway.publish('sluice:events:{eu}:up', 'up')).toBeGreaterThanOrEqual(1);
    expect(await heard).toEqual(['sluice:events:{eu}:up', 'up']);
    ear.disconnect();
    const listener = gateway.duplicate();
    expect(await listener.subscribe(own.channel, 'sluice:events:{eu}:down', 'sluice:events:{default}:down')).toBe(3);
    listener.disconnect();
  });

  it.each<[string, (redis: Redis) => Promise<unknown>]>([
    ['write a key of its namespace', (redis) => redis.hset(own.pointer, 'revision', '9')],
    ['set one', (redis) => redis.set(own.index, 'x')],
    ['delete one', (redis) => redis.del(own.pointer)],
    ['read another namespace', (redis) => redis.hmget(other.pointer, 'epoch')],
    ['read a body of another namespace', (redis) => redis.getrange(other.index, 0, 10)],
    ['read jobs', (redis) => redis.getrange('sluice:jobs:x', 0, 10)],
    ['announce a revision', (redis) => redis.publish(own.channel, 'x')],
    ['tell gateways what the studio would tell them', (redis) => redis.publish('sluice:events:{eu}:down', 'x')],
    ['publish for another namespace', (redis) => redis.publish('sluice:events:{us}:up', 'x')],
    ['listen to another namespace', (redis) => redis.subscribe(other.channel)],
    ['listen to what gateways say', (redis) => redis.subscribe('sluice:events:{eu}:up')],
    ['listen to patterns', (redis) => redis.psubscribe('*')],
    ['list keys', (redis) => redis.keys('*')],
    ['scan keys', (redis) => redis.scan('0')],
    ['run a script', (redis) => redis.eval('return 1', 0)],
    ['read the settings', (redis) => redis.config('GET', '*')],
    ['see users', (redis) => redis.call('ACL', 'LIST')],
    ['see other clients', (redis) => redis.client('LIST')],
    ['empty a database', (redis) => redis.flushdb()],
    ['stop the server', (redis) => redis.call('SHUTDOWN', 'NOSAVE')],
    ['put a hand on replication', (redis) => redis.call('REPLICAOF', 'NO', 'ONE')],
  ])('cannot %s', async (_, act) => {
    const client = gateway.duplicate({ lazyConnect: true });
    await client.connect();
    await expect(act(client)).rejects.toThrow(/NOPERM/);
    client.disconnect();
  });

  it('leaves everything as it was', async () => {
    expect(await administrator.hget(own.pointer, 'revision')).toBe('1');
    expect(await administrator.get(own.index)).toBe('index');
  });
});

describeWithUsers(`the Redis user of the studio${why}`, () => {
  let server: TestRedis;
  let users: RedisUsers;
  let studio: Redis;
  beforeAll(async () => {
    server = await testRedis();
    users = new RedisUsers(server.url);
    studio = new Redis(await users.studio());
  });
  afterAll(async () => {
    studio?.disconnect();
    await users?.remove();
    await server?.close();
  });

  it('writes, listens and announces below its prefix', async () => {
    expect(await studio.set(keysOf('eu').index, 'x')).toBe('OK');
    expect(await studio.eval(`return redis.call('GET', KEYS[1])`, 1, keysOf('eu').index)).toBe('x');
    expect(await studio.publish(keysOf('eu').channel, 'x')).toBeGreaterThanOrEqual(0);
    const listener = studio.duplicate();
    expect(await listener.psubscribe('sluice:events:{*}:up')).toBe(1);
    listener.disconnect();
  });

  it.each<[string, (redis: Redis) => Promise<unknown>]>([
    ['use keys of others', (redis) => redis.set('other:key', 'x')],
    ['publish elsewhere', (redis) => redis.publish('other', 'x')],
    ['read the settings', (redis) => redis.config('GET', '*')],
    ['change users', (redis) => redis.call('ACL', 'SETUSER', 'someone')],
    ['empty a database', (redis) => redis.flushall()],
  ])('cannot %s', (_, act) => expect(act(studio)).rejects.toThrow(/NOPERM/));
});
