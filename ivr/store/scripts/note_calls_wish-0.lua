-- Write whether a number may be rung; what was said later stays.
--
-- Input
--   ARGV[1]  the number
--   ARGV[2]  when it was said
--   ARGV[3]  what was said (JSON of store.consent.CallsWish)
-- Output
--   what holds now (JSON)
local known = redis.call('HGET', 'ringback:calls_wishes', ARGV[1])
if known and cjson.decode(known).at > tonumber(ARGV[2]) then
  return known
end
redis.call('HSET', 'ringback:calls_wishes', ARGV[1], ARGV[3])
return ARGV[3]
