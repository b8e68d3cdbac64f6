-- Write which call reaches somebody who is being rung back, for the agent who has accepted them.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  id of the place
--   ARGV[3]  the call
-- Output
--   1  the agent is there
--   0  no more
-- with: line

local known = redis.call('HMGET', reservation_key(ARGV[1]), 'state', 'place')
if known[1] ~= 'accepted' or known[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', place_key(ARGV[2]), 'call', ARGV[3])
redis.call('HSET', talk_key(ARGV[1]), 'call', ARGV[3])
return 1
