-- Claim what is due, and give up what keeps ending in nothing. The longest overdue comes first, but
-- what nobody waits for comes only when nothing urgent is due.
--
-- Input
--   KEYS[1]  ringback:due:urgent
--   KEYS[2]  ringback:due
--   KEYS[3]  ringback:due:records
--   KEYS[4]  ringback:due:dead
--   KEYS[5]  ringback:due:unhurried
--   ARGV[1]  now
--   ARGV[2]  most records
--   ARGV[3]  when the lease runs out of what is urgent, ARGV[4] of anything else
--   ARGV[5]  name of the claim
--   ARGV[6]  most claims in a row that ended in nothing
--   ARGV[7]  dead records kept
--   ARGV[8]  most claims at once of what is not urgent
-- Output
--   {claimed records, dead records}, each a list of JSON

local claimed, dead = {}, {}

local function claim(key, lease)
  local due = redis.call('ZRANGE', key, '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
  for _, id in ipairs(due) do
    local text = redis.call('HGET', KEYS[3], id)
    if not text then
      redis.call('ZREM', key, id)
    else
      local record = cjson.decode(text)
      if record.unfinished >= tonumber(ARGV[6]) then
        redis.call('ZREM', key, id)
        redis.call('HDEL', KEYS[3], id)
        redis.call('LPUSH', KEYS[4], text)
        redis.call('LTRIM', KEYS[4], 0, ARGV[7] - 1)
        dead[#dead + 1] = text
      else
        record.unfinished = record.unfinished + 1
        record.claim = ARGV[5]
        text = cjson.encode(record)
        redis.call('HSET', KEYS[3], id, text)
        redis.call('ZADD', key, lease, id)
        claimed[#claimed + 1] = text
      end
    end
  end
end

claim(KEYS[1], ARGV[3])
if #claimed == 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', ARGV[1])
  if redis.call('ZCARD', KEYS[5]) < tonumber(ARGV[8]) then
    claim(KEYS[2], ARGV[4])
    if #claimed > 0 then
      redis.call('ZADD', KEYS[5], ARGV[4], ARGV[5])
    end
  end
end
return { claimed, dead }
