-- Callbacks: what every script that writes one shares.
--
-- The hash of a callback tells where else it is counted (its matter, its window, the number that is
-- rung, the line), so whatever a move takes away is what an earlier one has put there. Everything is
-- checked before anything is written.
--
-- `change`, made by ivr.store.callbacks:
--   id, version, queue, state, record, events, call, order (its place in the line), window_ends
--   about      only where it is written
--   matter     NUMBER[;EXTENSION]|MATTER while it is open, else ''
--   room       beginning of the window that it needs room in, or ''; `capacity` of that window
--   rings      number with a call on its way, or ''; `calls_a_day` that it may have
--   others     who gives the number, where that is not theirs, with `others_a_day` that they may give
--   fence      of the lock that whoever writes holds on the number `rings`
--   of         the numbers under which it is found
--   until      while it is open: the time promised
--   due_at     when something must happen next
--   stands     'in' the line (with `place`), 'out' of it, or '': as it stands
--   most_places  so many callbacks at most may stand in the line
--   waits_in   the call in which they wait for us instead, where they do
--   dispatch   whether its window has begun, and it is to be rung
--   mail       where mail about it goes (JSON), where it is given
--   texts      that come with it, where there are any: see parts/texts.lua

local DAY = 86400

local function callback_key(id) return 'ringback:callback:' .. id end

local function count_since(key, now, within)
  return redis.call('ZCOUNT', key, '(' .. string.format('%.6f', now - within), '+inf')
end

local function count_one_more(key, member, now, within)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - within)
  redis.call('ZADD', key, now, member)
  redis.call('EXPIRE', key, within)
end

local function where_counted(id)
  local found = redis.call('HMGET', callback_key(id), 'version', 'matter', 'room', 'ringing', 'stands')
  return { version = tonumber(found[1] or 0), matter = found[2] or '', room = found[3] or '',
    ringing = found[4] or '', stands = found[5] or '' }
end

-- Why the change cannot be written; nil when it can.
local function refusal(change, before, now)
  if before.version ~= change.version - 1 then
    return 'changed'
  end
  if change.matter ~= '' and change.matter ~= before.matter
      and redis.call('HEXISTS', 'ringback:callbacks:matters', change.matter) == 1 then
    return 'open_already'
  end
  if change.room ~= '' and change.room ~= before.room then
    local booked = redis.call('HGET', 'ringback:callbacks:booked:' .. change.queue, change.room)
    if tonumber(booked or 0) >= change.capacity then
      return 'no_room'
    end
  end
  if change.most_places and before.stands == ''
      and redis.call('ZCARD', 'ringback:callbacks:places:' .. change.queue) >= change.most_places then
    return 'share'
  end
  if change.others then
    local others = 'ringback:callbacks:others:' .. change.others
    if not redis.call('ZSCORE', others, change.number)
        and count_since(others, now, DAY) >= change.others_a_day then
      return 'others_today'
    end
  end
  if change.fence then
    local lock = redis.call('HMGET', 'ringback:callbacks:lock:' .. change.number, 'fence', 'until')
    if tonumber(lock[1] or 0) ~= change.fence or tonumber(lock[2]) <= now then
      return 'lock_lost'
    end
  end
  if change.rings ~= '' and change.rings ~= before.ringing then
    if change.theirs ~= '' and on_the_line(change.theirs, change.queue) then
      return 'on_the_line'
    end
    if redis.call('HEXISTS', 'ringback:callbacks:ringing', change.rings) == 1 then
      return 'on_the_way'
    end
    if count_since('ringback:callbacks:rung:' .. change.rings, now, DAY) >= change.calls_a_day then
      return 'calls_today'
    end
  end
end

local function count_matter(change, before)
  if before.matter == change.matter then
    return
  end
  if before.matter ~= '' then
    redis.call('HDEL', 'ringback:callbacks:matters', before.matter)
  end
  if change.matter ~= '' then
    redis.call('HSET', 'ringback:callbacks:matters', change.matter, change.id)
  end
end

local function count_room(change, before)
  if before.room == change.room then
    return
  end
  local booked = 'ringback:callbacks:booked:' .. change.queue
  if before.room ~= '' and redis.call('HINCRBY', booked, before.room, -1) <= 0 then
    redis.call('HDEL', booked, before.room)
  end
  if change.room ~= '' then
    redis.call('HINCRBY', booked, change.room, 1)
  end
end

local function count_ringing(change, before, now)
  if before.ringing == change.rings then
    return
  end
  if before.ringing ~= '' then
    redis.call('HDEL', 'ringback:callbacks:ringing', before.ringing)
  end
  if change.rings ~= '' then
    redis.call('HSET', 'ringback:callbacks:ringing', change.rings, change.id)
    count_one_more('ringback:callbacks:rung:' .. change.rings, change.id .. ':' .. change.version,
      now, DAY)
  end
end

local function index(change, now)
  local key = callback_key(change.id)
  if change['until'] then
    redis.call('ZADD', 'ringback:callbacks', change['until'], change.id)
    redis.call('PERSIST', key)
  else
    redis.call('ZREM', 'ringback:callbacks', change.id)
    redis.call('ZADD', 'ringback:callbacks:ended', 'NX', now, change.id)
    redis.call('ZREMRANGEBYSCORE', 'ringback:callbacks:ended', '-inf', now - @CALLBACK_LIFETIME@)
    redis.call('EXPIRE', key, @CALLBACK_LIFETIME@)
  end
  for _, number in ipairs(change.of) do
    count_one_more('ringback:callbacks:of:' .. number, change.id, now, @CALLBACK_LIFETIME@)
  end
end

local function schedule(change, now)
  if change.due_at then
    due('callback', change.id, change.due_at)
    if change.due_at <= now then
      wake()
    end
  else
    not_due('callback', change.id)
  end
  local windows = 'ringback:callbacks:windows:' .. change.queue
  if change.dispatch then
    redis.call('ZADD', windows, change.window_ends, change.id)
    due('dispatch_callbacks', change.queue, now)
    wake()
  else
    redis.call('ZREM', windows, change.id)
  end
end

local function stand_in_line(change, now)
  local places = 'ringback:callbacks:places:' .. change.queue
  if change.stands == 'in' then
    redis.call('ZADD', places, change.order, change.id)
    local known = redis.call('HMGET', place_key(change.id), 'state', 'order')
    if known[1] == 'waiting' and math.abs(tonumber(known[2]) - change.order) > 0.001 then
      -- It is brought forward: whoever follows the line is told where it stands now.
      leave(change.id, 'callback', now)
    end
    join(change.place, now)
    return
  end
  redis.call('ZREM', places, change.id)
  if change.stands == 'out' then
    local state = redis.call('HGET', place_key(change.id), 'state')
    -- Somebody who is with an agent stands in no line; their talk is not ours to end.
    if state == 'waiting' or state == 'reserved' then
      leave(change.id, 'callback', now)
    end
  end
end

-- After `refusal` has found nothing.
local function write_callback(change, before, now)
  redis.call('HSET', callback_key(change.id), 'version', change.version, 'record', change.record,
    'state', change.state, 'queue', change.queue, 'matter', change.matter, 'room', change.room,
    'ringing', change.rings, 'stands', change.stands == 'in' and '1' or '')
  if change.about then
    redis.call('HSET', callback_key(change.id), 'about', change.about)
  end
  if change.mail then
    redis.call('HSET', callback_key(change.id), 'mail', change.mail)
  end
  count_matter(change, before)
  count_room(change, before)
  count_ringing(change, before, now)
  if change.others then
    count_one_more('ringback:callbacks:others:' .. change.others, change.number, now, DAY)
  end
  index(change, now)
  schedule(change, now)
  local entry = redis.call('XADD', 'ringback:events', 'MAXLEN', '~', @EVENTS_KEPT@, '*',
    'at', now, 'call', change.call, 'events', change.events)
  -- So that all that happened to it is found without reading the stream.
  local told = redis.call('HGET', callback_key(change.id), 'told')
  redis.call('HSET', callback_key(change.id), 'told', told and (told .. ' ' .. entry) or entry)
  stand_in_line(change, now)
  for _, wanted in ipairs(change.texts or {}) do
    want_text(wanted, now)
  end
end
