-- Take the lock of a number, keep it for longer, or let it go.
--
-- Input
--   KEYS[1]  ringback:callbacks:lock:NUMBER
--   KEYS[2]  ringback:callbacks:fence
--   ARGV[1]  who
--   ARGV[2]  the fence that they hold, or '' for one who takes it
--   ARGV[3]  until when; at or before now lets it go
--   ARGV[4]  now
-- Output
--   the fence, or 0 when somebody else has the lock, or has had it since

local known = redis.call('HMGET', KEYS[1], 'fence', 'until')
if ARGV[2] == '' then
  if known[2] and tonumber(known[2]) > tonumber(ARGV[4]) then
    return 0
  end
  local fence = redis.call('INCR', KEYS[2])
  redis.call('HSET', KEYS[1], 'fence', fence, 'holder', ARGV[1], 'until', ARGV[3])
  redis.call('EXPIRE', KEYS[1], 86400)
  return fence
end
-- A lease that has run out is not prolonged, though nobody has taken it: its holder must begin anew.
if known[1] ~= ARGV[2] or tonumber(known[2]) <= tonumber(ARGV[4]) then
  return 0
end
redis.call('HSET', KEYS[1], 'until', ARGV[3])
return tonumber(ARGV[2])
