-- The agent passes the person on: into the line of a queue, or to one colleague.
--
-- Input
--   ARGV[1]  id of the agent's reservation
--   ARGV[2]  queue, or '' for a colleague
--   ARGV[3]  the colleague, or ''
--   ARGV[4]  what whoever takes them is told (JSON of store.line.Person)
--   ARGV[5]  now
-- Output
--   the state of the talk after it; 'busy' when the colleague is not available; '' without a talk
-- with: line
-- with: talk

local id, queue, colleague, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[5])
local known = redis.call('HMGET', reservation_key(id), 'state', 'talk', 'agent')
if known[1] ~= 'accepted' then
  return ''
end
local talk = known[2] ~= '' and known[2] or id
local state = redis.call('HMGET', talk_key(talk), 'state', 'reservation', 'place', 'queue')
if state[1] ~= 'held' or state[2] ~= id then
  return state[1] or ''
end
if colleague ~= '' then
  if redis.call('HGET', agent_key(colleague), 'presence') ~= 'available' then
    return 'busy'
  end
  queue = state[4]
end

redis.call('HSET', talk_key(talk), 'to', colleague ~= '' and 'agent' or 'queue', 'queue', queue,
  'refused', '')
redis.call('HSET', place_key(state[3]), 'record', ARGV[4])
talk_is(talk, 'offering', now)
tell_of(talk, now, { type = 'PassingOn', queue = queue, to = colleague })
stand(state[3], queue, now)
if colleague ~= '' then
  reserve(state[3], colleague, queue, now)
else
  match_place(state[3], queue, now)
end
return 'offering'
