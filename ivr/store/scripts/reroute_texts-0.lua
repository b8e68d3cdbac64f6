-- Have all that waits in a sender's queue be given a sender anew.
--
-- Input
--   ARGV[1]  the sender
--   ARGV[2]  now
-- Output
--   how many texts
-- with: texts

local queue, now = 'ringback:texts:queue:' .. ARGV[1], tonumber(ARGV[2])
local waiting = redis.call('ZRANGE', queue, 0, -1, 'WITHSCORES')
for number = 1, #waiting, 2 do
  redis.call('ZADD', 'ringback:texts:new', waiting[number + 1], waiting[number])
end
redis.call('DEL', queue)
if #waiting > 0 then
  see_to_texts_by('route_texts', 'all', now, now)
end
return #waiting / 2
