-- Write which call rings an agent's telephone.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  the call
-- Output
--   1  the agent is still wanted
--   0  no more: the call is to be ended
-- with: line

local key = reservation_key(ARGV[1])
local state = redis.call('HGET', key, 'state')
if not state then
  return 0
end
redis.call('HSET', key, 'rung', ARGV[2])
return (state == 'offered' or state == 'accepted') and 1 or 0
