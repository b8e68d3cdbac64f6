-- Keep a set of flows under its version. A set that is kept for ever stays so.
--
-- Input
--   KEYS[1]  ringback:flows:set:VERSION
--   ARGV[1]  seconds to keep it, or 0 for ever
--   ARGV[2]  name of a file, ARGV[3] its content, and so on
-- Output
--   1  done

local for_ever = redis.call('TTL', KEYS[1]) == -1
for at = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
end
if ARGV[1] == '0' then
  redis.call('PERSIST', KEYS[1])
elseif not for_ever then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return 1
