-- Take the texts that a sender sends next, as many as its rate allows, and those whose time has come.
--
-- Input
--   ARGV[1]  the sender
--   ARGV[2]  now
--   ARGV[3]  most texts; 0 only has the rest seen to when it is time
--   ARGV[4]  texts that it sends in a second, or 0 for as many as may be
--   ARGV[5]  seconds until what is taken comes again, unless something is written of it
--   ARGV[6]  seconds until somebody else sees to this sender, where whoever does is killed
--   ARGV[7]  seconds of its rate that may be sent at once
-- Output
--   ids, in their order
-- with: texts

local sender, now, most, rate = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local queue, later = 'ringback:texts:queue:' .. sender, 'ringback:texts:later:' .. sender
local pace = 'ringback:texts:pace:' .. sender

-- What was taken and not written of since comes first here: whoever reads it sees how it stands.
local back = redis.call('ZRANGE', later, '-inf', now, 'BYSCORE', 'LIMIT', 0, 1000)
for _, id in ipairs(back) do
  redis.call('ZREM', later, id)
  local rank = redis.call('HGET', text_key(id), 'rank')
  if rank then
    redis.call('ZADD', queue, rank, id)
  end
end

local allowed, at = most, now
local known = redis.call('HMGET', pace, 'at', 'hold')
local hold = tonumber(known[2] or 0)
if rate > 0 then
  at = tonumber(known[1] or 0)
  local full = math.max(1, rate * tonumber(ARGV[7]))
  at = math.max(at, now - full / rate)
  allowed = math.min(most, math.floor((now - at) * rate + 0.000001))
end
if hold > now then
  allowed = 0
end

local taken = {}
if allowed > 0 then
  taken = redis.call('ZRANGE', queue, 0, allowed - 1)
end
for _, id in ipairs(taken) do
  redis.call('ZREM', queue, id)
  redis.call('ZADD', later, now + tonumber(ARGV[5]), id)
end
if #taken > 0 then
  if rate > 0 then
    redis.call('HSET', pace, 'at', string.format('%.6f', at + #taken / rate))
    redis.call('EXPIRE', pace, 3600)
  end
  see_to_texts_at('send_texts', sender, now + tonumber(ARGV[6]))
  return taken
end

local following
if redis.call('ZCARD', queue) > 0 then
  following = math.max(now, hold, rate > 0 and at + 1 / rate or now)
end
local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
if first[2] then
  following = math.min(following or tonumber(first[2]), tonumber(first[2]))
end
if following then
  redis.call('ZREM', 'ringback:due', 'send_texts:' .. sender)
  see_to_texts_by('send_texts', sender, following, now)
else
  redis.call('ZREM', 'ringback:due', 'send_texts:' .. sender)
  redis.call('HDEL', 'ringback:due:records', 'send_texts:' .. sender)
end
return taken
