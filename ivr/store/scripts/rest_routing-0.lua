-- Whoever gives new texts a sender stops: what is left is seen to at once, by somebody.
--
-- Input
--   ARGV[1]  now
-- Output
--   how many are left
-- with: texts

local now, left = tonumber(ARGV[1]), redis.call('ZCARD', 'ringback:texts:new')
redis.call('ZREM', 'ringback:due', 'route_texts:all')
redis.call('HDEL', 'ringback:due:records', 'route_texts:all')
if left > 0 then
  see_to_texts_by('route_texts', 'all', now, now)
end
return left
