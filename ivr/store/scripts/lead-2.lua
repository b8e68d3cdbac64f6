-- Take or keep the lead: a lease whose every taking has a number, so that an old leader is known.
--
-- Input
--   KEYS[1]  ringback:clock:leader
--   KEYS[2]  ringback:clock:fence
--   ARGV[1]  name of who asks
--   ARGV[2]  lease in milliseconds
-- Output
--   the fence (1 or more)
--   -1  lost: another leads

local leader = redis.call('GET', KEYS[1])
if not leader then
  local fence = redis.call('INCR', KEYS[2])
  redis.call('SET', KEYS[1], fence .. ':' .. ARGV[1], 'PX', ARGV[2])
  return fence
end
local fence, name = string.match(leader, '^(%d+):(.*)$')
if name ~= ARGV[1] then
  return -1
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return tonumber(fence)
