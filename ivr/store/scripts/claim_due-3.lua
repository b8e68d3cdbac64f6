-- Claim what is due, the longest overdue first, and give up what keeps ending in nothing.
--
-- Input
--   KEYS[1]  ringback:due
--   KEYS[2]  ringback:due:records
--   KEYS[3]  ringback:due:dead
--   ARGV[1]  now
--   ARGV[2]  most records
--   ARGV[3]  when the lease runs out
--   ARGV[4]  name of the claim
--   ARGV[5]  most claims in a row that ended in nothing
--   ARGV[6]  dead records kept
-- Output
--   {claimed records, dead records}, each a list of JSON

local claimed, dead = {}, {}
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
for _, id in ipairs(due) do
  local text = redis.call('HGET', KEYS[2], id)
  if not text then
    redis.call('ZREM', KEYS[1], id)
  else
    local record = cjson.decode(text)
    if record.unfinished >= tonumber(ARGV[5]) then
      redis.call('ZREM', KEYS[1], id)
      redis.call('HDEL', KEYS[2], id)
      redis.call('LPUSH', KEYS[3], text)
      redis.call('LTRIM', KEYS[3], 0, ARGV[6] - 1)
      dead[#dead + 1] = text
    else
      record.unfinished = record.unfinished + 1
      record.claim = ARGV[4]
      text = cjson.encode(record)
      redis.call('HSET', KEYS[2], id, text)
      redis.call('ZADD', KEYS[1], ARGV[3], id)
      claimed[#claimed + 1] = text
    end
  end
end
return { claimed, dead }
