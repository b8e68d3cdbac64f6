-- Have the waits worked out: from now on, or again where whoever had claimed it has died over it.
--
-- Input
--   KEYS[1]  ringback:due
--   KEYS[2]  ringback:due:records
--   KEYS[3]  ringback:estimates
--   ARGV[1]  id of the due record, ARGV[2] the record
--   ARGV[3]  now
--   ARGV[4]  seconds without anything written after which whoever claimed it counts as dead
-- Output
--   1  it is due now
--   0  it was due anyway, or is being done

local now = tonumber(ARGV[3])
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if due and redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then
  if tonumber(due) <= now then
    return 0
  end
  local written = redis.call('HMGET', KEYS[3], 'at', 'ensured')
  local last = math.max(tonumber(written[1] or 0), tonumber(written[2] or 0))
  if now - last < tonumber(ARGV[4]) then
    return 0
  end
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[3], 'ensured', now)
return 1
