-- Write how a text stands, as it was read, with its event and where it waits next.
--
-- Input
--   ARGV[1]  the change (JSON): id, version (as read), stands (JSON), to, call
--            out_of   the sender in whose queue it may be, or ''
--            waits    'new' (for a sender), 'queue' or 'later' (at the sender `sender`; `at` is when
--                     its time comes), or '' for nothing
--            check_at when the carrier is asked for it; left out: it is not
--            by_voice whether the person is to be told by voice
--            arrived  whether it is known to have
--            events   JSON, or ''
--   ARGV[2]  now
-- Output
--   1   written
--   -1  lost: somebody else has written it since, or it is not known any more
-- with: texts

local change, now = cjson.decode(ARGV[1]), tonumber(ARGV[2])
local known = redis.call('HMGET', text_key(change.id), 'version', 'rank')
if tonumber(known[1] or 0) ~= change.version then
  return -1
end
redis.call('HSET', text_key(change.id), 'stands', change.stands, 'version', change.version + 1)
redis.call('EXPIRE', text_key(change.id), @TEXT_LIFETIME@)

redis.call('ZREM', 'ringback:texts:new', change.id)
if change.out_of ~= '' then
  redis.call('ZREM', 'ringback:texts:queue:' .. change.out_of, change.id)
  redis.call('ZREM', 'ringback:texts:later:' .. change.out_of, change.id)
end
if change.waits == 'new' then
  redis.call('ZADD', 'ringback:texts:new', known[2], change.id)
  see_to_texts_by('route_texts', 'all', now, now)
elseif change.waits == 'queue' then
  redis.call('SADD', 'ringback:texts:senders', change.sender)
  redis.call('ZADD', 'ringback:texts:queue:' .. change.sender, known[2], change.id)
  see_to_texts_by('send_texts', change.sender, now, now)
elseif change.waits == 'later' then
  redis.call('SADD', 'ringback:texts:senders', change.sender)
  redis.call('ZADD', 'ringback:texts:later:' .. change.sender, change.at, change.id)
  see_to_texts_by('send_texts', change.sender, change.at, now)
end

if change.check_at then
  redis.call('ZADD', 'ringback:texts:checks', change.check_at, change.id)
  see_to_texts_by('check_texts', 'all', change.check_at, now)
else
  redis.call('ZREM', 'ringback:texts:checks', change.id)
end

local untold = 'ringback:texts:untold:' .. change.to
if change.by_voice then
  redis.call('ZADD', untold, now, change.id)
  redis.call('EXPIRE', untold, @UNTOLD_LIFETIME@)
else
  redis.call('ZREM', untold, change.id)
end

if change.arrived then
  redis.call('DEL', 'ringback:texts:unreachable:' .. change.to)
end

if change.events ~= '' then
  tell_of_text(change.call, change.events, now)
end
return 1
