-- An agent takes the person that is reserved for them.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  the agent's call
--   ARGV[3]  now
--   ARGV[4]  seconds after which a talk of which nothing is heard is looked up
-- Output
--   1  theirs (or was before, by the same call)
--  -1  the reservation is over: somebody else was quicker, or time
--  -2  there is no such reservation
-- with: line
-- with: talk

local id, now = ARGV[1], tonumber(ARGV[3])
local key = reservation_key(id)
local known = redis.call('HMGET', key, 'state', 'agent', 'place', 'queue', 'kind', 'leg', 'at')
local state, agent, place, queue = known[1], known[2], known[3], known[4]
if not state then
  return -2
end
if state == 'accepted' and known[6] == ARGV[2] then
  return 1
end
if state ~= 'offered' then
  return -1
end

local person = redis.call('HMGET', place_key(place), 'order', 'call', 'joined', 'talk')
redis.call('HSET', key, 'state', 'accepted', 'leg', ARGV[2], 'accepted', now)
redis.call('HSET', place_key(place), 'state', 'served', 'agent', agent, 'ended', now)
redis.call('EXPIRE', place_key(place), @PLACE_LIFETIME@)
redis.call('HSET', agent_key(agent), 'presence', 'busy', 'since', now)
not_due('reservation_ends', id)
-- One colleague was asked by name: whoever waits longer waits for others.
local by_name = person[4] and redis.call('HGET', talk_key(person[4]), 'to') == 'agent'
if person[4] then
  come_in(person[4], id, agent, now)
else
  begin_talk(id, place, queue, agent, person[2], now)
  due('bring_person', id, now)
end
due('watch_talk', id, now + tonumber(ARGV[4]))
wake()

local events = { { type = 'Connected', reservation = id, agent = agent, queue = queue,
  place = place, kind = known[5], waited = now - tonumber(person[3]) } }
-- Who has waited longer, and waits on: why is known, or it is a fault of ours.
local passed = redis.call('ZRANGE', 'ringback:line:' .. queue, '-inf', '(' .. person[1],
  'BYSCORE', 'LIMIT', 0, 20)
for _, other in ipairs(passed) do
  local theirs = redis.call('HMGET', place_key(other), 'back', 'joined')
  local why = 'unexplained'
  if by_name then
    why = 'passed_on'
  elseif theirs[1] then
    why = theirs[1]
  elseif tonumber(theirs[2]) >= tonumber(known[7]) then
    why = 'came_later'
  end
  redis.call('HINCRBY', 'ringback:overtaken', queue .. ':' .. why, 1)
  events[#events + 1] = { type = 'Overtaken', queue = queue, place = other, by = place, why = why }
end
tell(now, person[2], events)
return 1
