-- Texts: how one is written with the change that caused it, and when somebody sees to it.
--
-- `wanted`, made by ivr.store.outbox:
--   id, to
--   text, stands, events   JSON, as they are stored
--   rank                   of several that wait for one sender the lowest goes first
--   at                     when it is wanted; `of`: under what it is found; `call` or ''

local function text_key(id) return 'ringback:text:' .. id end

local function see_to_texts_at(kind, subject, at)
  local id = kind .. ':' .. subject
  redis.call('ZADD', 'ringback:due', at, id)
  redis.call('HSET', 'ringback:due:records', id, cjson.encode(
    { kind = kind, subject = subject, attempts = 0, unfinished = 0, claim = '' }))
end

-- Unless it is due sooner. Whoever sees to it just now has claimed it until later, and loses that:
-- what they had read may lack this.
local function see_to_texts_by(kind, subject, at, now)
  local known = redis.call('ZSCORE', 'ringback:due', kind .. ':' .. subject)
  if known and tonumber(known) <= at then
    return
  end
  see_to_texts_at(kind, subject, at)
  if at <= now then
    redis.call('LPUSH', 'ringback:wake', '1')
    redis.call('LTRIM', 'ringback:wake', 0, 0)
  end
end

local function tell_of_text(call, events, now)
  redis.call('XADD', 'ringback:events', 'MAXLEN', '~', @EVENTS_KEPT@, '*',
    'at', now, 'call', call, 'events', events)
end

local function find_text_under(key, id, at)
  redis.call('ZADD', key, 'NX', at, id)
  redis.call('EXPIRE', key, @TEXT_LIFETIME@)
end

-- Their news have been heard.
local function tell_by_voice(ids)
  for _, id in ipairs(ids) do
    local text = redis.call('HGET', text_key(id), 'text')
    if text then
      redis.call('ZREM', 'ringback:texts:untold:' .. cjson.decode(text).to, id)
    end
  end
end

-- False where this id is there already: a change that is written again wants nothing more.
local function want_text(wanted, now)
  if redis.call('HSETNX', text_key(wanted.id), 'text', wanted.text) == 0 then
    return false
  end
  redis.call('HSET', text_key(wanted.id), 'stands', wanted.stands, 'version', 1, 'rank', wanted.rank)
  redis.call('EXPIRE', text_key(wanted.id), @TEXT_LIFETIME@)
  redis.call('ZADD', 'ringback:outbox', wanted.at, wanted.id)
  redis.call('ZREMRANGEBYSCORE', 'ringback:outbox', '-inf', now - @TEXT_LIFETIME@)
  for _, subject in ipairs(wanted.of) do
    find_text_under('ringback:texts:of:' .. subject, wanted.id, wanted.at)
  end
  find_text_under('ringback:texts:to:' .. wanted.to, wanted.id, wanted.at)
  redis.call('ZADD', 'ringback:texts:new', wanted.rank, wanted.id)
  tell_of_text(wanted.call, wanted.events, now)
  see_to_texts_by('route_texts', 'all', now, now)
  return true
end
