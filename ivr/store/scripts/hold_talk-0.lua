-- The agent puts the person on hold.
--
-- Input
--   ARGV[1]  id of the agent's reservation
--   ARGV[2]  now
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
local state = redis.call('HMGET', talk_key(talk), 'state', 'reservation')
if state[1] == 'talking' and state[2] == id then
  redis.call('HSET', talk_key(talk), 'refused', '')
  talk_is(talk, 'held', now)
  hold(talk, true, now)
  tell_of(talk, now, { type = 'PutOnHold' })
  return 'held'
end
return state[1] or ''
