-- The person was gone before they met the agent who had accepted them.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  now
-- Output
--   1  noted; the agent is told
--   0  the talk is over, or never began
-- with: line

local id, now = ARGV[1], tonumber(ARGV[2])
local known = redis.call('HMGET', reservation_key(id), 'state', 'agent', 'place', 'queue')
if known[1] ~= 'accepted' then
  return 0
end
redis.call('HSET', reservation_key(id), 'state', 'person_left', 'ended', now)
redis.call('EXPIRE', reservation_key(id), @PLACE_LIFETIME@)
redis.call('HSET', place_key(known[3]), 'why', 'gone_before_talk')
-- Nobody but the agent is in its conference, and they are led out of it by being told.
redis.call('HSET', talk_key(id), 'state', 'over', 'why', 'person_left', 'since', now)
redis.call('EXPIRE', talk_key(id), @PLACE_LIFETIME@)
not_due('settle_hold', id)
not_due('watch_talk', id)
not_due('bring_person', id)
due('release_agent', id, now)
wake()
tell(now, redis.call('HGET', place_key(known[3]), 'call'), { { type = 'TalkEnded',
  reservation = id, agent = known[2], queue = known[4], place = known[3] } })
return 1
