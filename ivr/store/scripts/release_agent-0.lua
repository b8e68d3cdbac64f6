-- The agent of a person who left knows it, and is free.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  now
-- Output
--   1  free
--   0  nobody left, or they are free already
-- with: line

local id, now = ARGV[1], tonumber(ARGV[2])
local known = redis.call('HMGET', reservation_key(id), 'state', 'agent')
if known[1] ~= 'person_left'
    or redis.call('HGET', agent_key(known[2]), 'reservation') ~= id then
  return 0
end
redis.call('EXPIRE', reservation_key(id), @PLACE_LIFETIME@)
not_due('ring_agent', id)
free(known[2], 'AgentReleased', now)
return 1
