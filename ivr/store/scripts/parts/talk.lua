-- A talk: a person and the agents who are with them, in the conference that is named after the first
-- reservation.
--
--   talking      with an agent
--   held         on hold; the agent decides what becomes of them
--   offering     on hold and in the line, or reserved for a colleague; the agent waits for that
--   introducing  with two agents: the one who passes them on, and the one who takes them
--   alone        in the line, hearing music in the conference: the agent has hung up
--   over         they have left, or the last agent has
--
-- The rule that all of it keeps: until it is over, somebody is responsible for the person, or they
-- stand in the line where they stood.

-- Off at a later moment for an agent who first hears something: until then the person has music.
local function hold(talk, on, now, at)
  redis.call('HSET', talk_key(talk), 'held', on and '1' or '0')
  due('settle_hold', talk, at or now)
  wake()
end

local function talk_is(talk, state, now)
  redis.call('HSET', talk_key(talk), 'state', state, 'since', now)
end

local function tell_of(talk, now, event)
  local known = redis.call('HMGET', talk_key(talk), 'call', 'agent', 'place')
  event.talk, event.agent, event.place = talk, known[2], known[3]
  tell(now, known[1], { event })
end

local function begin_talk(talk, place, queue, agent, call, now)
  redis.call('HSET', place_key(place), 'talk', talk)
  redis.call('HSET', talk_key(talk), 'place', place, 'queue', queue, 'call', call or '',
    'agent', agent, 'reservation', talk, 'other', '', 'held', '0', 'to', '')
  talk_is(talk, 'talking', now)
  redis.call('EXPIRE', talk_key(talk), @CALL_LIFETIME@)
end

-- Whoever has accepted somebody who is in a talk already.
local function come_in(talk, reservation, agent, now)
  local key = talk_key(talk)
  if redis.call('HGET', key, 'state') == 'offering' then
    redis.call('HSET', key, 'other', reservation)
    talk_is(talk, 'introducing', now)
  else
    redis.call('HSET', key, 'agent', agent, 'reservation', reservation, 'to', '')
    talk_is(talk, 'talking', now)
  end
  tell_of(talk, now, { type = 'PassedOn', to = agent })
  hold(talk, false, now)
end

-- The person stands in the line again, before everybody who rang later.
local function stand(place, queue, now)
  local key = place_key(place)
  local known = redis.call('HMGET', key, 'order', 'call', 'kind', 'boost', 'talk')
  redis.call('PERSIST', key)
  redis.call('HDEL', key, 'back', 'why', 'ended')
  redis.call('HSET', key, 'state', 'waiting', 'queue', queue, 'joined', now, 'reservation', '')
  redis.call('ZADD', 'ringback:line:' .. queue, known[1], place)
  tell(now, known[2], { { type = 'LineJoined', queue = queue, place = place, kind = known[3],
    order = tonumber(known[1]), boost = tonumber(known[4]), talk = known[5],
    ahead = redis.call('ZRANK', 'ringback:line:' .. queue, place) } })
end

-- They are out of the line, and with their agent as before.
local function stand_no_more(place, talk, why, now)
  local key = place_key(place)
  local known = redis.call('HMGET', key, 'queue', 'call', 'joined')
  redis.call('ZREM', 'ringback:line:' .. known[1], place)
  redis.call('HSET', key, 'state', 'served', 'reservation', redis.call('HGET', talk_key(talk),
    'reservation'), 'ended', now)
  redis.call('EXPIRE', key, @PLACE_LIFETIME@)
  tell(now, known[2], { { type = 'LineLeft', queue = known[1], place = place, why = why,
    waited = now - tonumber(known[3]) } })
end

-- One colleague was asked and did not take them: back to the agent who asked. False when they are to
-- stay in the line.
local function give_back(talk, why, now)
  local known = redis.call('HMGET', talk_key(talk), 'state', 'to', 'place', 'queue')
  if known[2] ~= 'agent' then
    return false
  end
  if known[1] ~= 'offering' then
    redis.call('HSET', talk_key(talk), 'to', '')
    redis.call('HSET', place_key(known[3]), 'queue', known[4])
    return false
  end
  stand_no_more(known[3], talk, 'taken_back', now)
  redis.call('HSET', talk_key(talk), 'to', '', 'refused', why)
  talk_is(talk, 'held', now)
  return true
end

-- An agent is out of the talk.
local function go_out(talk, reservation, dismissed, now)
  local key = talk_key(talk)
  local known = redis.call('HMGET', key, 'state', 'reservation', 'other', 'place', 'queue')
  local state = known[1]
  if not state or state == 'over' then
    return
  end
  if state == 'introducing' then
    if known[2] == reservation then
      local other = redis.call('HGET', reservation_key(known[3]), 'agent')
      redis.call('HSET', key, 'reservation', known[3], 'agent', other)
    end
    redis.call('HSET', key, 'other', '', 'to', '')
    talk_is(talk, 'talking', now)
  elseif known[2] ~= reservation then
    return
  elseif state == 'offering' then
    talk_is(talk, 'alone', now)
  elseif state == 'held' and not dismissed then
    talk_is(talk, 'alone', now)
    stand(known[4], known[5], now)
    match_place(known[4], known[5], now)
  else
    talk_is(talk, 'over', now)
    redis.call('EXPIRE', key, @PLACE_LIFETIME@)
    not_due('settle_hold', talk)
    due('end_conference', talk, now)
    wake()
  end
end
