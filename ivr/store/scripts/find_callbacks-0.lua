-- The callbacks of a number, ended ones of late included.
--
-- Input
--   ARGV[1]  the number
-- Output
--   record, about, record, about, ...

local key = 'ringback:callbacks:of:' .. ARGV[1]
local found = {}
for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
  local known = redis.call('HMGET', 'ringback:callback:' .. id, 'record', 'about')
  if known[1] then
    found[#found + 1] = known[1]
    found[#found + 1] = known[2]
  else
    redis.call('ZREM', key, id)
  end
end
return found
