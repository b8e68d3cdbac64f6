-- Free an agent who is reserved or busy for nobody, or whose wrap-up has been over for long.
--
-- Input
--   ARGV[1]  name
--   ARGV[2]  now
--   ARGV[3]  what lasts less long than this is left alone (seconds)
-- Output
--   ''  nothing is wrong, else what was: 'reserved', 'busy', 'wrap_up', or 'forgotten' when what must
--   happen for their reservation was not due any more, and now is
-- with: line

local agent, now, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', agent_key(agent), 'presence', 'reservation', 'since', 'until')
local presence, id = known[1], known[2] or ''
if not presence or now - tonumber(known[3]) < grace then
  return ''
end

if presence == 'wrap_up' then
  if tonumber(known[4]) and tonumber(known[4]) + grace < now then
    free(agent, 'AgentFree', now)
    return presence
  end
  return ''
end
if presence ~= 'reserved' and presence ~= 'busy' then
  return ''
end

local state = id ~= '' and redis.call('HGET', reservation_key(id), 'state')
local kind
if state == 'offered' then
  kind = 'reservation_ends'
elseif state == 'accepted' then
  kind = 'watch_talk'
elseif state == 'person_left' then
  kind = 'release_agent'
else
  free(agent, 'AgentReleased', now)
  return presence
end
if redis.call('ZSCORE', due_key(kind), kind .. ':' .. id) then
  return ''
end
due(kind, id, now)
wake()
return 'forgotten'
