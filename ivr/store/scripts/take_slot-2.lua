-- May a call be created now? If not, a later moment is kept for whoever asks, who then asks again.
-- Between two calls, and two moments that are kept, lies at least an interval.
--
-- Input
--   KEYS[1]  ringback:slots
--   KEYS[2]  ringback:slots:last
--   ARGV[1]  for whom: id of a due record
--   ARGV[2]  now
--   ARGV[3]  interval in seconds
--   ARGV[4]  seconds after which a kept moment that nobody came for is given away
--   ARGV[5]  lifetime of what is known
-- Output
--   '' when it may be created now, else when to ask again

local now, interval = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[4]))

local kept = redis.call('ZSCORE', KEYS[1], ARGV[1])
if kept and tonumber(kept) > now then
  return kept
end
redis.call('ZREM', KEYS[1], ARGV[1])

local at = now
if not kept then
  local last = redis.call('GET', KEYS[2])
  if last then
    at = math.max(now, tonumber(last) + interval)
  end
  -- The first gap between moments that are kept: one that was given back is used again.
  local others = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
  for number = 2, #others, 2 do
    local moment = tonumber(others[number])
    if moment - at >= interval then
      break
    end
    at = math.max(at, moment + interval)
  end
end

if at > now then
  local text = string.format('%.6f', at)
  redis.call('ZADD', KEYS[1], text, ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[5])
  return text
end
redis.call('SET', KEYS[2], string.format('%.6f', now), 'EX', ARGV[5])
return ''
