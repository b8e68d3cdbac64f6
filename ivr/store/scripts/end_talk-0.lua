-- The agent's talk is over. A person whom they had on hold stands in the line again.
--
-- Input
--   ARGV[1]  id of the reservation
--   ARGV[2]  until when the agent wraps up
--   ARGV[3]  now
--   ARGV[4]  '1' when they end it for the person too
-- Output
--   1  over
--   0  it was over, or never began
-- with: line
-- with: talk

local id, now = ARGV[1], tonumber(ARGV[3])
local known = redis.call('HMGET', reservation_key(id), 'state', 'agent', 'place', 'queue', 'talk')
if known[1] ~= 'accepted' then
  return 0
end
redis.call('HSET', reservation_key(id), 'state', 'over', 'ended', now)
redis.call('EXPIRE', reservation_key(id), @PLACE_LIFETIME@)
not_due('watch_talk', id)
not_due('bring_person', id)
tell(now, redis.call('HGET', place_key(known[3]), 'call'), { { type = 'TalkEnded',
  reservation = id, agent = known[2], queue = known[4], place = known[3] } })
go_out(known[5] ~= '' and known[5] or id, id, ARGV[4] == '1', now)
if redis.call('HGET', agent_key(known[2]), 'reservation') == id then
  wrap_up(known[2], tonumber(ARGV[2]), now)
end
return 1
