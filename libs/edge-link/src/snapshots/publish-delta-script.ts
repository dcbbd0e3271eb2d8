/**
 * Keeps a delta, moves the pointer, announces it and forgets old deltas, in one step that no other publisher can come between. Returns 1;
 * or 0 when the pointer is already ahead, and then nothing changes. Plain commands only: it also runs on emulations.
 *
 * KEYS: pointer, history, delta. ARGV: epoch, revision, root, made at (ms), delta, its bytes, announcement, channel, deltas to keep,
 * bytes to keep.
 */
export const PUBLISH_DELTA_SCRIPT = `
local current = redis.call('HMGET', KEYS[1], 'epoch', 'revision', 'created_at_ms')
if current[1] then
  local behind
  if current[1] == ARGV[1] then
    behind = tonumber(ARGV[2]) < (tonumber(current[2] or '0') or 0)
  else
    behind = tonumber(ARGV[4]) < (tonumber(current[3] or '0') or 0)
    if not behind then redis.call('HDEL', KEYS[1], 'checkpoint') end
  end
  if behind then return 0 end
end
redis.call('SET', KEYS[3], ARGV[5])
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'revision', ARGV[2], 'root', ARGV[3], 'created_at_ms', ARGV[4])
redis.call('HDEL', KEYS[1], 'key')
local entry = ARGV[6] .. ' ' .. KEYS[3]
redis.call('LREM', KEYS[2], 0, entry)
redis.call('RPUSH', KEYS[2], entry)
local kept = redis.call('LRANGE', KEYS[2], 0, -1)
local bytes = 0
for i = 1, #kept do bytes = bytes + (tonumber(string.match(kept[i], '^%d+')) or 0) end
for i = 1, #kept - 1 do
  if #kept - i < tonumber(ARGV[9]) and bytes <= tonumber(ARGV[10]) then break end
  redis.call('LPOP', KEYS[2])
  local name = string.match(kept[i], '^%d+ (.*)$') or kept[i]
  if name ~= KEYS[3] then redis.call('DEL', name) end
  bytes = bytes - (tonumber(string.match(kept[i], '^%d+')) or 0)
end
redis.call('PUBLISH', ARGV[8], ARGV[7])
return 1
`;
