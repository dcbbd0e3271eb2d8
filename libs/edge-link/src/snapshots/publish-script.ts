/**
 * Moves the pointer, announces it and forgets old bodies, in one step that no other publisher can come between. Returns 1;
 * or 0 when the pointer is already ahead, and then the body is not kept. Plain commands only: it also runs on emulations.
 *
 * KEYS: pointer, history, body. ARGV: epoch, revision, root, made at (ms), announcement, channel, bodies to keep.
 */
export const PUBLISH_SCRIPT = `
local current = redis.call('HMGET', KEYS[1], 'epoch', 'revision', 'created_at_ms')
if current[1] then
  local behind
  if current[1] == ARGV[1] then
    behind = tonumber(ARGV[2]) < (tonumber(current[2] or '0') or 0)
  else
    behind = tonumber(ARGV[4]) < (tonumber(current[3] or '0') or 0)
  end
  if behind then
    local kept = redis.call('LRANGE', KEYS[2], 0, -1)
    for i = 1, #kept do
      if kept[i] == KEYS[3] then
        redis.call('PERSIST', KEYS[3])
        return 0
      end
    end
    redis.call('DEL', KEYS[3])
    return 0
  end
end
redis.call('PERSIST', KEYS[3])
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'revision', ARGV[2], 'root', ARGV[3], 'created_at_ms', ARGV[4], 'key', KEYS[3])
redis.call('LREM', KEYS[2], 0, KEYS[3])
redis.call('RPUSH', KEYS[2], KEYS[3])
local surplus = redis.call('LLEN', KEYS[2]) - tonumber(ARGV[7])
for i = 1, surplus do
  local oldest = redis.call('LPOP', KEYS[2])
  if oldest then redis.call('DEL', oldest) end
end
redis.call('PUBLISH', ARGV[6], ARGV[5])
return 1
`;
