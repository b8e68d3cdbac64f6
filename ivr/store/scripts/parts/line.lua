-- The line, the agents and the reservations: what every script about them shares.
--
-- The rule that all of it keeps: whenever a script ends, no agent is idle while somebody waits whom
-- they could serve. So a place is matched when it comes (back) into the line, and an agent when they
-- come free, and never otherwise.
--
-- Keys are made from names found on the way (an agent's queues, a queue's agents), so scripts with
-- this part do not declare them all.

local function tell(now, call, events)
  redis.call('XADD', 'ringback:events', 'MAXLEN', '~', @EVENTS_KEPT@, '*',
    'at', now, 'call', call or '', 'events', cjson.encode(events))
end

-- What somebody waits for stands apart, and is claimed first.
local function due_key(kind)
  local urgent = string.find(' @URGENT_KINDS@ ', ' ' .. kind .. ' ', 1, true)
  return urgent and 'ringback:due:urgent' or 'ringback:due'
end

local function due(kind, subject, at)
  local id = kind .. ':' .. subject
  redis.call('ZADD', due_key(kind), at, id)
  redis.call('HSET', 'ringback:due:records', id, cjson.encode(
    { kind = kind, subject = subject, attempts = 0, unfinished = 0, claim = '' }))
end

local function not_due(kind, subject)
  local id = kind .. ':' .. subject
  redis.call('ZREM', due_key(kind), id)
  redis.call('HDEL', 'ringback:due:records', id)
end

-- Something is due at once: the clock that leads need not wait for its next tick.
local function wake()
  redis.call('LPUSH', 'ringback:wake', '1')
  redis.call('LTRIM', 'ringback:wake', 0, 0)
end

local function place_key(id) return 'ringback:place:' .. id end
local function agent_key(name) return 'ringback:agent:' .. name end
local function reservation_key(id) return 'ringback:reservation:' .. id end
local function talk_key(id) return 'ringback:talk:' .. id end

local function skills_of(agent)
  return cjson.decode(redis.call('HGET', agent_key(agent), 'skills') or '[]')
end

local function queues_of(agent)
  local queues = {}
  for number, skill in ipairs(skills_of(agent)) do
    queues[number] = skill[1]
  end
  return queues
end

local function not_idle(agent)
  for _, skill in ipairs(skills_of(agent)) do
    redis.call('ZREM', 'ringback:idle:' .. skill[1], agent)
  end
end

-- Who is there, idle or not, and not about to go.
local function is_there(agent)
  for _, queue in ipairs(queues_of(agent)) do
    redis.call('SADD', 'ringback:there:' .. queue, agent)
  end
end

local function not_there(agent)
  for _, queue in ipairs(queues_of(agent)) do
    redis.call('SREM', 'ringback:there:' .. queue, agent)
  end
end

local function reserve(place, agent, queue, now)
  local id = 'R' .. redis.call('INCR', 'ringback:reservations')
  local known = redis.call('HMGET', place_key(place), 'kind', 'call', 'joined', 'talk')
  redis.call('ZREM', 'ringback:line:' .. queue, place)
  redis.call('HSET', place_key(place), 'state', 'reserved', 'reservation', id)
  not_idle(agent)
  redis.call('HSET', agent_key(agent), 'presence', 'reserved', 'since', now, 'reservation', id)
  redis.call('HSET', reservation_key(id), 'agent', agent, 'place', place, 'queue', queue,
    'kind', known[1], 'state', 'offered', 'at', now, 'talk', known[4] or '')
  due('ring_agent', id, now)
  due('reservation_ends', id, now + @RESERVATION_LASTS@)
  wake()
  tell(now, known[2], { { type = 'AgentReserved', reservation = id, agent = agent, queue = queue,
    place = place, kind = known[1], waited = now - tonumber(known[3]) } })
  return id
end

-- An agent has come free: the longest waiting in their queues, weighted by their preference.
local function match_agent(agent, now)
  local place, queue, most
  for _, skill in ipairs(skills_of(agent)) do
    local head = redis.call('ZRANGE', 'ringback:line:' .. skill[1], 0, 0, 'WITHSCORES')
    if head[1] then
      local weighted = (now - tonumber(head[2])) * skill[2]
      if most == nil or weighted > most then
        place, queue, most = head[1], skill[1], weighted
      end
    end
  end
  return place and reserve(place, agent, queue, now)
end

-- A place has come (back) into the line: the agent who has been idle longest.
local function match_place(place, queue, now)
  local idle = redis.call('ZRANGE', 'ringback:idle:' .. queue, 0, 0)
  return idle[1] and reserve(place, idle[1], queue, now)
end

local leave

local function number_key(number) return 'ringback:line:of:' .. number end

-- Whether somebody who rings from this number waits in the queue, or is with an agent of it.
local function on_the_line(number, queue)
  for _, id in ipairs(redis.call('SMEMBERS', number_key(number))) do
    local known = redis.call('HMGET', place_key(id), 'kind', 'state', 'queue')
    if known[1] == 'live' and known[2] ~= 'left' and known[3] == queue then
      return true
    end
  end
  return false
end

-- Somebody rings from this number: their callback stands in the queue no more, unless they are on
-- the telephone for it already.
local function stands_once(number, queue, now)
  for _, id in ipairs(redis.call('SMEMBERS', number_key(number))) do
    local known = redis.call('HMGET', place_key(id), 'kind', 'queue', 'call')
    if known[1] == 'callback' and known[2] == queue and known[3] == '' then
      leave(id, 'callback', now)
    end
  end
end

-- `place`: id, queue, kind ('live' or 'callback'), call, order, boost, first, record, and number:
-- from which they ring, or at which they are rung ('' where that may be several people's).
-- Whoever is in the line already stays where they are. A callback of somebody who waits there
-- themselves does not come into it.
local function join(place, now)
  local key = place_key(place.id)
  local state = redis.call('HGET', key, 'state')
  if state == 'waiting' or state == 'reserved' then
    return false
  end
  local number, call = place.number or '', place.call or ''
  if number ~= '' then
    if place.kind == 'live' then
      stands_once(number, place.queue, now)
    elseif call == '' and on_the_line(number, place.queue) then
      return false
    end
    redis.call('SADD', number_key(number), place.id)
    redis.call('EXPIRE', number_key(number), @CALL_LIFETIME@)
  end
  redis.call('DEL', key)
  redis.call('HSET', key, 'state', 'waiting', 'queue', place.queue, 'kind', place.kind,
    'call', call, 'number', number, 'order', place.order, 'boost', place.boost, 'first', place.first,
    'joined', now, 'record', place.record)
  redis.call('ZADD', 'ringback:line:' .. place.queue, place.order, place.id)
  tell(now, place.call, { { type = 'LineJoined', queue = place.queue, place = place.id,
    kind = place.kind, order = place.order, boost = place.boost,
    ahead = redis.call('ZRANK', 'ringback:line:' .. place.queue, place.id) } })
  match_place(place.id, place.queue, now)
  return true
end

-- The person of a talk is gone: whoever is in its conference comes out of it.
local function person_gone(talk, now)
  local state = redis.call('HGET', talk_key(talk), 'state')
  if state and state ~= 'over' then
    redis.call('HSET', talk_key(talk), 'state', 'over', 'why', 'person_left', 'since', now)
    redis.call('EXPIRE', talk_key(talk), @PLACE_LIFETIME@)
    not_due('settle_hold', talk)
    due('end_conference', talk, now)
    wake()
  end
end

-- The person is gone, for whatever reason. An agent whose telephone rings for them is told.
function leave(id, why, now)
  local key = place_key(id)
  local known = redis.call('HMGET', key, 'state', 'queue', 'call', 'joined', 'reservation', 'talk',
    'number')
  if known[7] and known[7] ~= '' then
    redis.call('SREM', number_key(known[7]), id)
  end
  if known[6] then
    person_gone(known[6], now)
  end
  if known[1] ~= 'waiting' and known[1] ~= 'reserved' then
    return false
  end
  redis.call('ZREM', 'ringback:line:' .. known[2], id)
  redis.call('HSET', key, 'state', 'left', 'why', why, 'ended', now)
  redis.call('EXPIRE', key, @PLACE_LIFETIME@)
  tell(now, known[3], { { type = 'LineLeft', queue = known[2], place = id, why = why,
    waited = now - tonumber(known[4]) } })
  if known[1] == 'reserved' then
    redis.call('HSET', reservation_key(known[5]), 'state', 'person_left')
    not_due('reservation_ends', known[5])
    due('release_agent', known[5], now)
    wake()
  end
  return true
end

local function sign_off(agent, why, now)
  not_idle(agent)
  not_there(agent)
  redis.call('HSET', agent_key(agent), 'presence', 'away', 'since', now, 'reservation', '',
    'leaving', '0', 'until', '')
  redis.call('HDEL', agent_key(agent), 'leg')
  not_due('wrap_up_ends', agent)
  tell(now, '', { { type = 'AgentSignedOff', agent = agent, why = why } })
  if redis.call('HGET', agent_key(agent), 'guest') == '1' then
    redis.call('DEL', agent_key(agent))
    redis.call('SREM', 'ringback:agents', agent)
  end
end

-- Away if they asked for it meanwhile, else available, and matched.
local function free(agent, event, now)
  if redis.call('HGET', agent_key(agent), 'leaving') == '1' then
    return sign_off(agent, 'asked', now)
  end
  redis.call('HSET', agent_key(agent), 'presence', 'available', 'since', now, 'reservation', '',
    'until', '')
  not_due('wrap_up_ends', agent)
  local queues = queues_of(agent)
  for _, queue in ipairs(queues) do
    redis.call('ZADD', 'ringback:idle:' .. queue, now, agent)
  end
  tell(now, '', { { type = event, agent = agent, queues = queues } })
  match_agent(agent, now)
end

local function wrap_up(agent, ends, now)
  if redis.call('HGET', agent_key(agent), 'leaving') == '1' or ends <= now then
    return free(agent, 'AgentFree', now)
  end
  redis.call('HSET', agent_key(agent), 'presence', 'wrap_up', 'since', now, 'reservation', '',
    'until', ends)
  due('wrap_up_ends', agent, ends)
end
