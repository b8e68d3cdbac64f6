-- A reservation, and what must be known of its agent and its person to bring them together.
--
-- Input
--   ARGV[1]  id of the reservation
-- Output
--   {} when there is no such reservation, else its state, agent, place, queue, kind, leg, talk,
--   dialling, rung, brought; the agent's address, leg, reservation; the place's call and record
-- with: line

local found = redis.call('HMGET', reservation_key(ARGV[1]), 'state', 'agent', 'place', 'queue',
  'kind', 'leg', 'talk', 'dialling', 'rung', 'brought')
if not found[1] then
  return {}
end
local agent = redis.call('HMGET', agent_key(found[2]), 'address', 'leg', 'reservation')
local place = redis.call('HMGET', place_key(found[3]), 'call', 'record')
for number = 1, 3 do
  found[#found + 1] = agent[number]
end
for number = 1, 2 do
  found[#found + 1] = place[number]
end
return found
