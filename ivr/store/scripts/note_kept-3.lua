-- The place of somebody who hung up is kept, or is not: that is decided, once.
--
-- Input
--   KEYS[1]  ringback:place:PLACE (of the call)
--   KEYS[2]  ringback:call:CALL
--   KEYS[3]  ringback:keeping:NUMBER
--   ARGV[1]  the call in which they hung up
-- Output
--   1  noted

if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'seen_to', '1')
end
redis.call('HDEL', KEYS[2], 'back')
-- Unless they have hung up once more since.
if redis.call('GET', KEYS[3]) == ARGV[1] then
  redis.call('DEL', KEYS[3])
end
return 1
