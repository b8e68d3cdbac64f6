-- The agent goes back to the person on hold. Whoever was asked to take them is not any more.
--
-- Input
--   ARGV[1]  id of the agent's reservation
--   ARGV[2]  now
--   ARGV[3]  why nobody took the person, or '' when the agent does not want them to any more
-- Output
--   the state of the talk after it; '' when there is none
-- with: line
-- with: talk

local id, now = ARGV[1], tonumber(ARGV[2])
local known = redis.call('HMGET', reservation_key(id), 'state', 'talk')
if known[1] ~= 'accepted' then
  return ''
end
local talk = known[2] ~= '' and known[2] or id
local state = redis.call('HMGET', talk_key(talk), 'state', 'reservation', 'place')
if (state[1] ~= 'held' and state[1] ~= 'offering') or state[2] ~= id then
  return state[1] or ''
end
if state[1] == 'offering' then
  local place = redis.call('HMGET', place_key(state[3]), 'state', 'reservation')
  stand_no_more(state[3], talk, 'taken_back', now)
  if place[1] == 'reserved' then
    redis.call('HSET', reservation_key(place[2]), 'state', 'person_left')
    not_due('reservation_ends', place[2])
    due('release_agent', place[2], now)
  end
end
redis.call('HSET', talk_key(talk), 'to', '')
if ARGV[3] ~= '' then
  redis.call('HSET', talk_key(talk), 'refused', ARGV[3])
end
talk_is(talk, 'talking', now)
hold(talk, false, now, ARGV[3] ~= '' and now + @SENTENCE_LASTS@ or now)
tell_of(talk, now, { type = 'TakenBack' })
return 'talking'
