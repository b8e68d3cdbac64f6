-- Texts: how one is written with the change that caused it.
--
-- `wanted`, made by ivr.store.outbox:
--   id, to
--   text, stands, events   JSON, as they are stored
--   rank                   of several that wait for one sender the lowest goes first
--   at                     when it is wanted; `of`: under what it is found; `call` or ''

local function find_text_under(key, id, at)
  redis.call('ZADD', key, 'NX', at, id)
  redis.call('EXPIRE', key, @TEXT_LIFETIME@)
end

-- False where this id is there already: a change that is written again wants nothing more.
local function want_text(wanted, now)
  local key = 'ringback:text:' .. wanted.id
  if redis.call('HSETNX', key, 'text', wanted.text) == 0 then
    return false
  end
  redis.call('HSET', key, 'stands', wanted.stands, 'version', 1)
  redis.call('EXPIRE', key, @TEXT_LIFETIME@)
  redis.call('ZADD', 'ringback:outbox', wanted.at, wanted.id)
  redis.call('ZREMRANGEBYSCORE', 'ringback:outbox', '-inf', now - @TEXT_LIFETIME@)
  for _, subject in ipairs(wanted.of) do
    find_text_under('ringback:texts:of:' .. subject, wanted.id, wanted.at)
  end
  find_text_under('ringback:texts:to:' .. wanted.to, wanted.id, wanted.at)
  redis.call('ZADD', 'ringback:texts:new', wanted.rank, wanted.id)
  redis.call('XADD', 'ringback:events', 'MAXLEN', '~', @EVENTS_KEPT@, '*',
    'at', now, 'call', wanted.call, 'events', wanted.events)
  redis.call('ZADD', 'ringback:due', now, 'route_texts:all')
  redis.call('HSET', 'ringback:due:records', 'route_texts:all',
    '{"kind":"route_texts","subject":"all","attempts":0,"unfinished":0,"claim":""}')
  redis.call('LPUSH', 'ringback:wake', '1')
  redis.call('LTRIM', 'ringback:wake', 0, 0)
  return true
end
