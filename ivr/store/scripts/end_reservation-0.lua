-- An agent did not take the person: they keep their place, and the agent gets a pause or is away.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  why: 'declined', 'no_answer' or 'failed'
--   ARGV[3]  until when the agent is left alone, or '' for away
--   ARGV[4]  now
-- Output
--   1  ended
--   0  it was over
-- with: line
-- with: talk

local id, why, now = ARGV[1], ARGV[2], tonumber(ARGV[4])
local known = redis.call('HMGET', reservation_key(id), 'state', 'agent', 'place', 'queue')
if known[1] ~= 'offered' then
  return 0
end
local agent, place, queue = known[2], known[3], known[4]
local person = redis.call('HMGET', place_key(place), 'order', 'call', 'talk')
redis.call('HSET', reservation_key(id), 'state', why, 'ended', now)
redis.call('EXPIRE', reservation_key(id), @PLACE_LIFETIME@)
not_due('reservation_ends', id)
not_due('ring_agent', id)
tell(now, person[2], { { type = 'ReservationEnded', reservation = id, agent = agent,
  queue = queue, place = place, why = why } })
local theirs = person[3] and give_back(person[3], why, now)
if not theirs then
  redis.call('HSET', place_key(place), 'state', 'waiting', 'reservation', '', 'back', why)
  redis.call('ZADD', 'ringback:line:' .. queue, person[1], place)
end
if ARGV[3] == '' then
  sign_off(agent, why, now)
else
  wrap_up(agent, tonumber(ARGV[3]), now)
end
-- The agent may have been given them again; anybody else who is idle is better.
if redis.call('HGET', place_key(place), 'state') == 'waiting' then
  match_place(place, queue, now)
end
return 1
