/**
 * Keeps an index blob and its chunks, names it as the newest checkpoint, and moves the pointer where that is behind it. Returns the keys
 * of index blobs that are not kept any more; or false when a newer checkpoint stands, and then nothing changes.
 *
 * KEYS: pointer, checkpoints, index. ARGV: epoch, revision, root, made at (ms), index blob, announcement, channel, checkpoints to keep, and
 * then the keys of its chunks.
 */
export const PUBLISH_CHECKPOINT_SCRIPT = `
local current = redis.call('HMGET', KEYS[1], 'epoch', 'revision', 'created_at_ms', 'checkpoint')
local ahead = true
if current[1] == ARGV[1] then
  if tonumber(ARGV[2]) < (tonumber(current[4] or '0') or 0) then return false end
  ahead = tonumber(ARGV[2]) > (tonumber(current[2] or '0') or 0)
elseif current[1] and tonumber(ARGV[4]) < (tonumber(current[3] or '0') or 0) then
  return false
end
for i = 9, #ARGV do redis.call('PERSIST', ARGV[i]) end
redis.call('SET', KEYS[3], ARGV[5])
if ahead then redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'revision', ARGV[2], 'root', ARGV[3], 'created_at_ms', ARGV[4]) end
redis.call('HSET', KEYS[1], 'checkpoint', ARGV[2])
redis.call('HDEL', KEYS[1], 'key')
redis.call('LREM', KEYS[2], 0, KEYS[3])
redis.call('RPUSH', KEYS[2], KEYS[3])
local surplus = {}
while redis.call('LLEN', KEYS[2]) > tonumber(ARGV[8]) do surplus[#surplus + 1] = redis.call('LPOP', KEYS[2]) end
if ahead then redis.call('PUBLISH', ARGV[7], ARGV[6]) end
return surplus
`;
